"""Prefill and decode on different devices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from ...devices import hardware
from ...models import Block, Restructured
from ...operators import Cost, Operator, scaled
from ...operators.counts import ONE
from ...serving import Disaggregated
from ..base import Technique
from ..parameters import choice, number
from ..refusals import decoders_alone
from ..rewriting.network import LATENCY, PHASES, on_network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...formats import Conventions
    from ...operators.counts import Count
    from ...serving import Plan, Run

SAME = "the same"
TRANSFER = "kv_transfer"


@dataclass(frozen=True)
class Disaggregation(Technique):
    """One device reads prompts and sends their keys and values to another one, which decodes."""

    name = "disaggregation"
    label = "prefill and decode apart"
    mechanism = (
        "A device for the prefill and one for decode work at once on two batches; keys and values travel between them."
    )
    citation = "DistServe, Zhong et al. 2024, arXiv 2401.09670; Splitwise, Patel et al. 2023, arXiv 2311.18677"
    acts_on = "serving"
    # no TTFT: another device may read prompts more slowly
    never_raises = ("tpot", "prefill_flops", "decode_flops", "decode_bytes", "memory_bytes")
    rivals = "say which requests run together"

    prefill_device: str = choice(SAME, "device of the prefill", (SAME, *hardware))
    bandwidth: float = number(0.0, "bandwidth between the devices; 0: of the slower one's link", unit="GB/s")
    latency: float = number(LATENCY, "latency of a message", unit="µs")

    def plan(self, plan: Plan) -> Plan:
        """Send what the prefill leaves over the network, and let each device do its part."""
        decoders_alone(plan, self)
        run = plan.prefill
        if self.prefill_device != SAME:
            run = replace(run, machine=replace(run.machine, hardware=hardware[self.prefill_device]))
        plan = on_network(replace(plan, prefill=run), self.bandwidth, PHASES)
        ends = [end.machine.bandwidth_of(PHASES) for end in (plan.prefill, plan.decode)]
        prefill = self._sending(plan.prefill, plan.schedule.stages)
        machine = prefill.machine.with_link(PHASES, min(ends))
        apart = replace(plan, prefill=replace(prefill, machine=machine), devices=2 * plan.devices)
        return apart.with_schedule(serving=Disaggregated(), transfer=TRANSFER)

    def _sending(self, run: Run, stages: int) -> Run:
        """The prefill, and after it a transfer of what it keeps, of which each stage sends its part at once."""
        kept = {kind: scaled(terms, 1 / stages) for kind, terms in run.stack.kept.items()}
        transfer = CacheTransfer(TRANSFER, (), kept, self.latency * 1e-6)
        blocks = (*run.stack.blocks, Block("transfer", 1, (transfer,)))
        return replace(run, stack=Restructured(blocks, run.stack.origin, run.stack.formats))


@dataclass(frozen=True, slots=True)
class CacheTransfer(Operator):
    """The cache and the states of a batch on their way to another device.

    Parameters
    ----------
    elements : mapping
        What a sequence keeps, by storage kind and count of its last step [1].
    latency : float
        What the link takes before the first byte [s].
    """

    elements: Mapping[str, Mapping[Count, float]]
    latency: float

    kind: ClassVar[str] = "communication"

    def cost(self, conventions: Conventions) -> Cost:  # noqa: ARG002 - no switch
        """No FLOP; all is read and crosses the network."""
        cache, states, wide = (self.elements.get(kind, {}) for kind in ("kv_cache", "state", "wide_state"))
        return Cost(
            kv_read=cache,
            state_read=states,
            wide_state_read=wide,
            kv_sent=cache,
            state_sent=states,
            wide_state_sent=wide,
            latency={ONE: self.latency},
            link=PHASES,
            formula="0",
            source="arXiv 2401.09670, section 4",
        )
