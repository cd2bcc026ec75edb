"""Operators that run inside the memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...devices import Hardware
from ..base import Technique
from ..parameters import choice, number

if TYPE_CHECKING:
    from ...serving import Plan, Run

KINDS = ("attention", "mlp", "attention projection", "experts", "head")


@dataclass(frozen=True)
class ProcessingInMemory(Technique):
    """Operators of one kind run at the bandwidth inside the memory, and at the small peak of its units."""

    name = "processing-in-memory"
    label = "processing in memory"
    mechanism = (
        "Operators of one kind run inside the memory, at many times its outer bandwidth and a small peak; the units "
        "take room, so that less is stored."
    )
    citation = "HBM-PIM, Lee et al., ISCA 2021, doi 10.1109/ISCA52012.2021.00013; arXiv 2402.16363, table 2"
    acts_on = "hardware"
    never_raises = ("ttft", "prefill_flops", "decode_flops", "prefill_bytes", "decode_bytes")

    kind: str = choice("attention", "operators inside the memory", KINDS)
    bandwidth: float = number(2.0, "bandwidth inside a cube", 0.001, unit="TB/s")
    peak: float = number(1.2, "peak of a cube's units", 0.001, unit="TFLOP/s")
    cubes: float = number(5.0, "cubes", 1)
    capacity: float = number(0.5, "share of the capacity left", 0.01, 1)

    def plan(self, plan: Plan) -> Plan:
        """Send the operators of decode there; a prefill would overburden the small units."""
        return replace(plan, decode=self._inside(plan.decode))

    def _inside(self, run: Run) -> Run:
        machine, flops = run.machine, self.cubes * self.peak * 1e12
        memory = Hardware(
            name=f"{machine.hardware.name} (in memory)",
            title=f"units in the memory of {machine.hardware.title}",
            memory_bytes=machine.hardware.memory_bytes * self.capacity,
            memory_bandwidth=self.cubes * self.bandwidth * 1e12,
            peak_flops_per_s={"fp16": flops, "bf16": flops},
            vector_flops_per_s={"fp32": flops},
            source=self.citation,
        )
        device = machine.hardware
        if self.capacity < 1:
            device = device.with_(memory_bytes=device.memory_bytes * self.capacity)
        return replace(run, machine=replace(machine, hardware=device, offloaded=((self.kind, memory),)))
