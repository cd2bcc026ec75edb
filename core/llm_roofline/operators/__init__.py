"""Operators: one file a kind, each with its counts and their source."""

from .activation import Activation
from .attention import Attention, FusedAttention
from .base import HIDDEN, Counts, Operator
from .embedding import Embedding
from .head import Head
from .linear import Linear
from .norm import Norm
from .residual import ResidualAdd
from .rope import Rope

__all__ = [
    "HIDDEN",
    "Activation",
    "Attention",
    "Counts",
    "Embedding",
    "FusedAttention",
    "Head",
    "Linear",
    "Norm",
    "Operator",
    "ResidualAdd",
    "Rope",
]
