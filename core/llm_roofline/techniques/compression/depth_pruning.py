"""Pruning of whole layers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..base import Technique
from ..parameters import number

if TYPE_CHECKING:
    from ...models import Block


@dataclass(frozen=True)
class DepthPruning(Technique):
    """A share of the layers is left out for good."""

    name = "depth-pruning"
    label = "depth pruning"
    mechanism = "Leaves whole layers out, so that their FLOP, weights and cache are gone; embedding and head stay."
    citation = "ShortGPT, Men et al. 2024, arXiv 2403.03853"
    acts_on = "layers"
    neutral = {"share": 0.0}
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")
    towers = False

    share: float = number(0.25, "share of the layers left out", 0, 1)

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Thin out every group of equal layers, of which one at least stays."""
        pruned = tuple(replace(block, layers=self._left(block.layers), places=()) for block in blocks)
        return blocks if [b.layers for b in pruned] == [b.layers for b in blocks] else pruned

    def _left(self, layers: int) -> int:
        return max(1, round(layers * (1 - self.share)))
