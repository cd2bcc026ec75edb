"""A KV cache whose tokens are merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...operators import Attention, Part
from ..base import Technique
from ..layout import bare
from ..parameters import number
from ..rewriting import each_operator

if TYPE_CHECKING:
    from ...model import Block
    from ...operators import Operator


@dataclass(frozen=True)
class KVCompression(Technique):
    """Neighbouring tokens share an entry of the cache."""

    name = "kv-compression"
    label = "KV cache compression"
    mechanism = (
        "The cache holds a share of the tokens, merged ones in one entry, and attention reads and multiplies those."
    )
    citation = "Dynamic Memory Compression, Nawrot et al. 2024, arXiv 2403.09636"
    acts_on = "attention"
    neutral = {"kept": 1.0}
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")
    towers = False

    kept: float = number(0.25, "entries for each token", 0.001, 1)

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Thin out what attention reads of the cache."""
        return each_operator(blocks, self._thinned) if self.kept < 1 else blocks

    def _thinned(self, operator: Operator) -> Operator:
        kernel = bare(operator)
        if not isinstance(kernel, Attention) or not kernel.kept:
            return operator
        return Part(operator.name, operator.inputs, operator, work=self.kept, cache=self.kept, held=self.kept)
