"""Techniques: the survey's map of optimisations, each a pure transform of operators (arXiv 2402.16363, figure 2)."""

from ..catalogue import Catalogue
from .base import Technique
from .flash_attention import FlashAttention

__all__ = ["FlashAttention", "Technique", "techniques"]

_TECHNIQUES: dict[str, Technique] = {t.name: t for t in (FlashAttention(),)}
techniques: Catalogue[Technique] = Catalogue("technique", lambda: tuple(_TECHNIQUES), _TECHNIQUES.__getitem__)
"""Every technique by its name."""
