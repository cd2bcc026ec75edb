"""How numbers are stored and computed in, and by which conventions things are counted.

Nothing here knows a device or a model.
"""

from .compute import COMPUTE_FORMATS, holds
from .conventions import Conventions
from .precision import WEIGHTS, WIDE, Precision
from .sparsity import DENSE, Sparsity, structured_speed
from .storage import formats

__all__ = [
    "COMPUTE_FORMATS",
    "DENSE",
    "WEIGHTS",
    "WIDE",
    "Conventions",
    "Precision",
    "Sparsity",
    "formats",
    "holds",
    "structured_speed",
]
