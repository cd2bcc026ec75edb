"""Adapters of low rank that are not merged into the weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...operators import Derived, Linear
from ...operators.counts import AtMost
from ..base import Technique
from ..parameters import count
from ..rewriting import each_kernel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...models import Block
    from ...operators import Cost, Operator
    from ...operators.counts import Count


@dataclass(frozen=True)
class Adapters(Technique):
    """Low-rank adapters beside every linear layer outside the experts, one for each user."""

    name = "adapters"
    label = "unmerged adapters"
    mechanism = (
        "Each linear layer outside the experts adds 2 r (i + o) FLOP a token, and loads r (i + o) weights for each "
        "adapter."
    )
    citation = "LoRA, Hu et al. 2021, arXiv 2106.09685; S-LoRA, Sheng et al. 2023, arXiv 2311.03285"
    acts_on = "adapters"
    neutral = {"rank": 0}
    towers = False

    rank: int = count(16, "rank")
    adapters: int = count(1, "adapters that are loaded", low=1)

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Put adapters beside every linear layer that quantisers would touch, what is left of one among them."""
        return each_kernel(blocks, self._adapted) if self.rank else blocks

    def _adapted(self, operator: Operator) -> Operator:
        if not isinstance(operator, Linear) or operator.stored == "wide":
            return operator
        return Adapted(operator.name, operator.inputs, operator, self.rank, self.adapters)


@dataclass(frozen=True, slots=True)
class Adapted(Derived):
    """A linear layer with adapters beside it, stored in 16 bit; their work is counted at the layer's own peak.

    Parameters
    ----------
    rank, adapters : int
        Their rank, and how many there are [1].
    """

    whole: Linear
    rank: int
    adapters: int

    @property
    def _weights(self) -> int:
        return self.rank * (self.whole.width_in + self.whole.width_out)

    @property
    def parameters(self) -> Mapping[str, float]:
        """Stored parameters by storage kind [1]."""
        stored = self.whole.parameters
        return {**stored, "adapters": stored.get("adapters", 0) + self.adapters * self._weights}

    def changed(self, cost: Cost) -> Cost:
        """Add the two thin products, and the rank between them that is written and read."""
        per, hit = self.whole.per, AtMost(self.adapters)
        weights, prefix = self._weights, f"2 · {self.whole.per.name} · {self.rank} · "
        return replace(
            cost,
            matrix_flops=_added(cost.matrix_flops, per, 2 * weights),
            adapter_read={hit: weights},
            wide_read=_added(cost.wide_read, per, self.rank),
            wide_write=_added(cost.wide_write, per, self.rank),
            formula=f"{cost.formula} + {prefix}({self.whole.width_in:,} + {self.whole.width_out:,})",
            source=f"{cost.source}; arXiv 2106.09685, section 4.1",
        )


def _added(terms: Mapping[Count, float], count: Count, more: float) -> dict[Count, float]:
    return {**terms, count: terms.get(count, 0) + more}
