"""Counts: numbers that a step has, such as its tokens. Every column of a cost is a linear combination of them.

A count says its value in a step, and the contexts at which a decode step's value leaves its straight line. One idea a
file; imports NumPy.
"""

from .at_most import AtMost
from .base import Count
from .compressed import Compressed
from .experts import ExpertsHit
from .latent import Absorbed, Rebuilt
from .merged import Merged
from .reread import Reread
from .selected import SelectedContext, SelectedPairs, SelectedScores
from .skewed import SkewedHit
from .source import SOURCE_CONTEXT, SOURCE_PAIRS
from .tokens import NEXT_TOKENS, ONE, PROMPT_TOKENS, SEQUENCES, TOKENS
from .touched import Touched, TouchedKeys
from .values import values_of, values_together
from .visible import ChunkContext, ChunkPairs, ChunkScores, ChunkSquares, Context, Pairs, Scores

__all__ = [
    "NEXT_TOKENS",
    "ONE",
    "PROMPT_TOKENS",
    "SEQUENCES",
    "SOURCE_CONTEXT",
    "SOURCE_PAIRS",
    "TOKENS",
    "Absorbed",
    "AtMost",
    "ChunkContext",
    "ChunkPairs",
    "ChunkScores",
    "ChunkSquares",
    "Compressed",
    "Context",
    "Count",
    "ExpertsHit",
    "Merged",
    "Pairs",
    "Rebuilt",
    "Reread",
    "Scores",
    "SelectedContext",
    "SelectedPairs",
    "SelectedScores",
    "SkewedHit",
    "Touched",
    "TouchedKeys",
    "values_of",
    "values_together",
]
