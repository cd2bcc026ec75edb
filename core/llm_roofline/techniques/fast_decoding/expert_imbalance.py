"""Experts of which some are chosen more often than others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...operators import Derived, ExpertLinear
from ...operators.counts import ExpertsHit, SkewedHit
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
class ExpertImbalance(Technique):
    """Routing that favours some experts, so that a batch loads fewer of them."""

    name = "expert-imbalance"
    label = "uneven routing"
    mechanism = (
        "Tokens that agree on popular experts load fewer of them, and the FLOP stay; the load of the busiest device is "
        "a parameter of expert parallelism."
    )
    citation = "Switch Transformers, Fedus et al. 2021, arXiv 2101.03961, section 2.2"
    acts_on = "activity"
    neutral = {"skew": 0.0}
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")
    towers = False

    skew: float = number(1.0, "exponent of the popularity's power law", 0, 10)

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Let every layer of experts count the popular ones.

        Raises
        ------
        TechniqueError
            If the model has no experts.
        """
        if not any(isinstance(kernel_of(op), ExpertLinear) for block in blocks for op in block.operators):
            raise TechniqueError("uneven routing is between experts, and this model has none.")
        return each_operator(blocks, self._skewed) if self.skew else blocks

    def _skewed(self, operator: Operator) -> Operator:
        if not isinstance(kernel_of(operator), ExpertLinear):
            return operator
        return Skewed(operator.name, operator.inputs, operator, self.skew)


@dataclass(frozen=True, slots=True)
class Skewed(Derived):
    """A layer of experts under uneven routing.

    Parameters
    ----------
    skew : float
        Exponent of the popularity [1].
    """

    skew: float

    def changed(self, cost: Cost) -> Cost:
        """Experts hit under this popularity."""
        return replace(
            cost, weight_read=self._uneven(cost.weight_read), wide_weight_read=self._uneven(cost.wide_weight_read)
        )

    def _uneven(self, terms: Mapping[Count, float]) -> dict[Count, float]:
        return {
            SkewedHit(f.experts, f.chosen, f.tokens, self.skew) if isinstance(f, ExpertsHit) else f: n
            for f, n in terms.items()
        }
