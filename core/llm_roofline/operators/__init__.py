"""Operators: one file a kind, each with its counts and their source."""

from . import flop
from .activation import Activation
from .attention import Attention
from .base import HIDDEN, Operator
from .biased import BiasedAttention
from .collective import EXCHANGE, NEXT, RING, Collective
from .compressed import CompressedAttention, Compressor
from .convolution import ShortConvolution
from .cost import BYTES, COLUMNS, LINK, Cost
from .dense_convolution import Convolution
from .derived import Derived, scaled
from .elementwise import Elementwise
from .embedding import Embedding
from .expert import ExpertLinear, ExpertSum
from .fused import Epilogue, Fused, SharedInput
from .head import Head
from .indexer import Indexer
from .latent import LatentAttention, LatentExpansion
from .linear import Linear
from .norm import Norm
from .part import Part
from .residual import ResidualAdd
from .rope import Rope
from .scan import StateScan
from .step import Step, stacked

__all__ = [
    "BYTES",
    "COLUMNS",
    "EXCHANGE",
    "HIDDEN",
    "LINK",
    "NEXT",
    "RING",
    "Activation",
    "Attention",
    "BiasedAttention",
    "Collective",
    "CompressedAttention",
    "Compressor",
    "Convolution",
    "Cost",
    "Derived",
    "Elementwise",
    "Embedding",
    "Epilogue",
    "ExpertLinear",
    "ExpertSum",
    "Fused",
    "Head",
    "Indexer",
    "LatentAttention",
    "LatentExpansion",
    "Linear",
    "Norm",
    "Operator",
    "Part",
    "ResidualAdd",
    "Rope",
    "SharedInput",
    "ShortConvolution",
    "StateScan",
    "Step",
    "flop",
    "scaled",
    "stacked",
]
