"""Techniques: the survey's map of optimisations, each a pure transform of operators (arXiv 2402.16363, figure 2).

A file defines a :class:`Technique` that has a name, and is found by itself.
"""

from ..catalogue import Catalogue
from .base import Technique
from .discovery import found
from .flash_attention import FlashAttention

__all__ = ["FlashAttention", "Technique", "techniques"]

techniques: Catalogue[Technique] = Catalogue("technique", lambda: tuple(found()), lambda name: found()[name])
"""Every technique by its name."""
