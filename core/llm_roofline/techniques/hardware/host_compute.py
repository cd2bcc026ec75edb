"""Operators that run on the processor of the host."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...hardware import hardware
from ..base import Technique
from ..parameters import choice
from .processing_in_memory import KINDS

if TYPE_CHECKING:
    from ...plan import Plan


@dataclass(frozen=True)
class HostCompute(Technique):
    """Operators of one kind run on another device, at its peak and the bandwidth of its memory."""

    name = "host-compute"
    label = "operators on the host"
    mechanism = "Operators of one kind run where their data lie, on another device with its own roof, such as the host."
    citation = "PowerInfer, Song et al. 2023, arXiv 2312.12456; arXiv 2402.16363, figure 18"
    acts_on = "hardware"
    never_raises = ("ttft", "prefill_flops", "decode_flops", "prefill_bytes", "decode_bytes", "memory_bytes")
    excludes = {"processing-in-memory": "each sends operators of its own choice elsewhere"}

    kind: str = choice("attention", "operators on the host", KINDS)
    device: str = choice("xeon-8480plus", "the host", hardware)

    def plan(self, plan: Plan) -> Plan:
        """Send the operators of decode there."""
        machine = replace(plan.decode.machine, elsewhere=((self.kind, hardware[self.device]),))
        return replace(plan, decode=replace(plan.decode, machine=machine))
