"""How numbers are stored and computed in, and by which conventions things are counted.

Nothing here knows a device or a model.
"""

from .compute import COMPUTE_FORMATS, holds
from .conventions import Conventions
from .precision import WEIGHTS, WIDE, Precision
from .share import FormatShare, summed, words_of
from .sparsity import DENSE, Sparsity, structured_speed
from .storage import bits_per_weight, formats

__all__ = [
    "COMPUTE_FORMATS",
    "DENSE",
    "WEIGHTS",
    "WIDE",
    "Conventions",
    "FormatShare",
    "Precision",
    "Sparsity",
    "bits_per_weight",
    "formats",
    "holds",
    "structured_speed",
    "summed",
    "words_of",
]
