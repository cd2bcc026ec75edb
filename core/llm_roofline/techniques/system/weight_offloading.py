"""Weights that wait in the memory of the host, or on its disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...formats import WEIGHTS
from ...operators import Derived, scaled
from ..base import Technique
from ..parameters import number
from ..rewriting import each_operator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...models import Block
    from ...operators import Cost, Operator
    from ...serving import Plan


@dataclass(frozen=True)
class WeightOffloading(Technique):
    """A share of the weights of linear layers crosses the host's link in every pass, while others compute."""

    name = "weight-offloading"
    label = "weight offloading"
    mechanism = (
        "Weights outside the device's memory cross a slow link in every pass, overlapped with the rest; a large batch "
        "shares each crossing."
    )
    citation = "FlexGen, Sheng et al. 2023, arXiv 2303.06865; bandwidths: arXiv 2402.16363, figure 17"
    acts_on = "placement"
    neutral = {"share": 0.0}
    never_raises = ("prefill_flops", "decode_flops", "prefill_bytes", "decode_bytes", "memory_bytes")
    towers = False

    share: float = number(0.5, "share of the weights outside", 0, 1)
    bandwidth: float = number(25.0, "bandwidth of the link: PCIe 10 to 30, a disk about 2", low=1e-3, unit="GB/s")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Leave a share of every linear layer outside."""
        return each_operator(blocks, self._outside) if self.share else blocks

    def plan(self, plan: Plan) -> Plan:
        """Give the device its link."""
        if not self.share:
            return plan
        return plan.with_runs(lambda run: replace(run, machine=run.machine.with_link("host", self.bandwidth * 1e9)))

    def _outside(self, operator: Operator) -> Operator:
        if not any(operator.parameters.get(kind) for kind in WEIGHTS):
            return operator
        return Outside(operator.name, operator.inputs, operator, self.share)


@dataclass(frozen=True, slots=True)
class Outside(Derived):
    """A linear layer of whose weights a share lies outside the device's memory.

    Parameters
    ----------
    share : float
        That share [1].
    crosses : bool
        It is read from this side of the link.
    """

    share: float
    crosses: bool = True

    @property
    def parameters(self) -> Mapping[str, float]:
        """Parameters that lie in the device's memory, by storage kind [1]."""
        return {kind: n * (1 - self.share if kind != "wide" else 1) for kind, n in self.whole.parameters.items()}

    def changed(self, cost: Cost) -> Cost:
        """The weights outside cross the link as well, unless they are multiplied there."""
        if not self.crosses:
            return cost
        return replace(cost, weight_sent=scaled(cost.weight_read, self.share), link="host")
