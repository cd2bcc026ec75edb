"""FlashAttention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..operators import Attention
from .base import Technique

if TYPE_CHECKING:
    from ..operators import Operator


class FlashAttention(Technique):
    """Attention in tiles: scores and probabilities never leave the chip."""

    name = "flash-attention"
    label = "FlashAttention"
    category = "compiler and system"
    mechanism = (
        "Fuses both products and the softmax, so that the score matrix is neither written nor read; the FLOP stay."
    )
    citation = "Dao et al. 2022, arXiv 2205.14135"

    def transform(self, operator: Operator) -> Operator:
        """Fuse attention; leave every other operator alone."""
        return operator.fused() if isinstance(operator, Attention) else operator
