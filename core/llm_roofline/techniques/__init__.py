"""Techniques: the survey's map of optimisations, each a pure transform of what runs (arXiv 2402.16363, figure 2).

A file in the folder of a category defines a :class:`Technique`, and is found by itself.
"""

from ..basics import Catalogue
from .base import CATEGORIES, Technique
from .discovery import discovered
from .order import ORDER, arranged, combined
from .parameters import Parameter, parameters
from .rewriting.guessing import Guessing
from .rewriting.stacks import restructured
from .system.flash_attention import FlashAttention

__all__ = [
    "CATEGORIES",
    "ORDER",
    "FlashAttention",
    "Guessing",
    "Parameter",
    "Technique",
    "arranged",
    "combined",
    "parameters",
    "restructured",
    "techniques",
]

techniques: Catalogue[Technique] = Catalogue("technique", lambda: tuple(discovered()), lambda name: discovered()[name])
"""Every technique by its name, with its default parameters."""
