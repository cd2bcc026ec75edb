"""A KV cache whose tokens are merged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...operators import COLUMNS, Attention, Derived, LatentExpansion, scaled
from ...operators.counts import ONE, PROMPT_TOKENS, TOKENS
from ..base import Technique
from ..parameters import number
from ..rewriting import each_operator
from ..rewriting.layout import kernel_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...models import Block
    from ...operators import Cost, Operator
    from ...operators.counts import Count


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
        kernel = kernel_of(operator)
        if not isinstance(kernel, LatentExpansion) and not (isinstance(kernel, Attention) and kernel.kept):
            return operator
        return Thinned(operator.name, operator.inputs, operator, self.kept)


@dataclass(frozen=True, slots=True)
class Thinned(Derived):
    """Attention to a share of the keys, or what rebuilds that share of them: queries and results stay as they are.

    Parameters
    ----------
    share : float
        That share [1].
    """

    share: float

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """That share of what a sequence keeps [1]."""
        return {kind: scaled(terms, self.share) for kind, terms in self.whole.kept.items()}

    def changed(self, cost: Cost) -> Cost:
        """The share of what depends on the keys."""
        changes = {
            column.name: {
                count: n * self.share if _of_keys(count) else n for count, n in getattr(cost, column.name).items()
            }
            for column in COLUMNS
        }
        formula = f"{cost.formula}, of {self.share:.4g} of the keys"
        return replace(cost, **changes, formula=formula)  # type: ignore[arg-type]  # of its own fields


def _of_keys(count: Count) -> bool:
    """Whether a count, or the one that it counts in some form, depends on the keys."""
    return getattr(count, "count", count) not in {ONE, TOKENS, PROMPT_TOKENS}
