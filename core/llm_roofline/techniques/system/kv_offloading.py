"""A KV cache that waits in the memory of the host."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...operators import Attention, Derived, Indexer, LatentExpansion, scaled
from ..base import Technique
from ..parameters import number
from ..rewriting import each_operator
from ..rewriting.layout import kernel_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...models import Block
    from ...operators import Cost, Operator
    from ...operators.counts import Count
    from ...serving import Plan


@dataclass(frozen=True)
class KVOffloading(Technique):
    """A share of the cache crosses the host's link each time it is read."""

    name = "kv-offloading"
    label = "KV cache offloading"
    mechanism = "Keys and values outside the device's memory cross a slow link whenever attention reads them."
    citation = "FlexGen, Sheng et al. 2023, arXiv 2303.06865; bandwidths: arXiv 2402.16363, figure 17"
    acts_on = "placement"
    neutral = {"share": 0.0}
    never_raises = ("prefill_flops", "decode_flops", "prefill_bytes", "decode_bytes", "memory_bytes")
    towers = False

    share: float = number(0.5, "share of the cache outside", 0, 1)
    bandwidth: float = number(25.0, "bandwidth of the link: PCIe 10 to 30, a disk about 2", low=1e-3, unit="GB/s")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Leave a share of every cache outside."""
        return each_operator(blocks, self._outside) if self.share else blocks

    def plan(self, plan: Plan) -> Plan:
        """Give the device its link."""
        if not self.share:
            return plan
        return plan.with_runs(lambda run: replace(run, machine=run.machine.with_link("host", self.bandwidth * 1e9)))

    def _outside(self, operator: Operator) -> Operator:
        if not isinstance(kernel_of(operator), Attention | Indexer | LatentExpansion):
            return operator
        return CacheOutside(operator.name, operator.inputs, operator, self.share)


@dataclass(frozen=True, slots=True)
class CacheOutside(Derived):
    """An operator that reads a cache of which a share lies outside the device's memory.

    What a step writes there crosses the other way at the same time, and is never more than what it reads.

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
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """Elements of the cache that lie in the device's memory, by storage kind [1]."""
        return {kind: scaled(terms, 1 - self.share) for kind, terms in self.whole.kept.items()}

    def changed(self, cost: Cost) -> Cost:
        """Add the crossing of the link by what lies outside, unless it is read there."""
        if not self.crosses:
            return cost
        sent = scaled(cost.kv_read, self.share)
        return replace(cost, kv_sent=sent, link="host" if any(sent.values()) else cost.link)
