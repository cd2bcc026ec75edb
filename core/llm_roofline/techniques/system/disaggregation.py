"""Prefill and decode on different devices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from ...features import ONE
from ...hardware import hardware
from ...model import Block, Restructured
from ...operators import Counts, Operator
from ...serving import Apart
from ..base import Technique
from ..network import LATENCY, on_network
from ..parameters import choice, number
from ..requests import decoders_alone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...conventions import Conventions
    from ...features import Feature
    from ...plan import Plan

SAME = "the same"


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
    never_raises = ("tpot", "prefill_flops", "decode_flops", "decode_bytes", "memory_bytes")
    rivals = "say which requests run together"

    prefill_device: str = choice(SAME, "device of the prefill", (SAME, *hardware))
    bandwidth: float = number(0.0, "bandwidth between the devices; 0: the device's own", unit="GB/s")
    latency: float = number(LATENCY, "latency of a message", unit="µs")

    def plan(self, plan: Plan) -> Plan:
        """Send what the prefill leaves over the network, and let each device do its part."""
        decoders_alone(plan, self)
        kept = plan.prefill.stack.kept
        terms = {feature: n for kind in kept for feature, n in kept[kind].items()}
        transfer = CacheTransfer("kv_transfer", (), terms, self.latency * 1e-6)
        plan = on_network(plan, self.bandwidth)
        run = plan.prefill
        device = run.machine.hardware if self.prefill_device == SAME else hardware[self.prefill_device]
        blocks = (*run.stack.blocks, Block("transfer", 1, (transfer,)))
        machine = replace(run.machine, hardware=device)
        prefill = replace(run, stack=Restructured(blocks, run.stack.origin), machine=machine)
        made = replace(plan, prefill=prefill, devices=2 * plan.devices)
        return made.with_schedule(serving=Apart())


@dataclass(frozen=True, slots=True)
class CacheTransfer(Operator):
    """The cache of a batch on its way to another device.

    Parameters
    ----------
    elements : mapping
        What a sequence keeps, by feature of its last step [1].
    latency : float
        What the link takes before the first byte [s].
    """

    elements: Mapping[Feature, float]
    latency: float

    kind: ClassVar[str] = "communication"

    def counts(self, conventions: Conventions) -> Counts:  # noqa: ARG002 - no switch
        """No FLOP; the cache is read and crosses the network."""
        return Counts(
            kv_read=self.elements,
            kv_sent=self.elements,
            latency={ONE: self.latency},
            link="network",
            formula="0",
            source="arXiv 2401.09670, section 4",
        )
