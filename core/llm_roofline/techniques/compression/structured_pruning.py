"""Pruning of whole heads and columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..base import Technique
from ..parameters import number
from ..rewriting import each_block
from ..rewriting.layout import divided, kv_heads

if TYPE_CHECKING:
    from ...models import Block
    from ...operators import Operator


@dataclass(frozen=True)
class StructuredPruning(Technique):
    """A share of all heads and of the columns of the feed-forward networks is left out."""

    name = "structured-pruning"
    label = "structured pruning"
    mechanism = (
        "Leaves whole heads and columns out: FLOP, weights and cache shrink together, and every product stays dense."
    )
    citation = "LLM-Pruner, Ma et al. 2023, arXiv 2305.11627; Sheared LLaMA, Xia et al. 2023, arXiv 2310.06694"
    acts_on = "layers"
    neutral = {"share": 0.0}
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")
    towers = False

    share: float = number(0.25, "share of heads and columns left out", 0, 0.99)

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Leave them out of every layer; a head of keys and values that all others share stays."""
        return each_block(blocks, self._pruned) if self.share else blocks

    def _pruned(self, operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
        left = 1 - self.share
        return tuple(divided(operators, left, left if kv_heads(operators) > 1 else 1.0).values())
