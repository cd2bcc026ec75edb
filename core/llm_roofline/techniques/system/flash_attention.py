"""FlashAttention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...operators import Attention
from ..base import Technique
from ..rewriting import each_kernel

if TYPE_CHECKING:
    from ...model import Block


@dataclass(frozen=True)
class FlashAttention(Technique):
    """Attention in tiles: scores and probabilities never leave the chip."""

    name = "flash-attention"
    label = "FlashAttention"
    mechanism = (
        "Fuses both products and the softmax, so that the score matrix is neither written nor read; the FLOP stay."
    )
    citation = "Dao et al. 2022, arXiv 2205.14135"
    acts_on = "attention"
    never_raises = ("ttft", "tpot", "prefill_flops", "prefill_bytes", "decode_flops", "decode_bytes", "memory_bytes")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Fuse attention; leave every other operator alone."""
        return each_kernel(blocks, lambda op: op.fused() if isinstance(op, Attention) else op)
