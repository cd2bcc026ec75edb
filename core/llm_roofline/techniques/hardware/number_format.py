"""A format that the device could not compute in before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...formats import COMPUTE_FORMATS
from ..base import Technique
from ..parameters import choice, number

if TYPE_CHECKING:
    from ...devices import Hardware
    from ...serving import Plan


@dataclass(frozen=True)
class NumberFormat(Technique):
    """Matrix units for one more format."""

    name = "number-format"
    label = "number format"
    mechanism = (
        "Matrix units get one more format with a roof of its own, which products of narrow enough operands reach."
    )
    citation = "Microscaling, Rouhani et al. 2023, arXiv 2310.10537; FP8, Micikevicius et al. 2022, arXiv 2209.05433"
    acts_on = "hardware"
    # no times: it may be slower than the format in which its operands would compute without it
    never_raises = ("prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")

    format: str = choice("fp4", "format", COMPUTE_FORMATS)
    speed: float = number(4.0, "its peak over that of bf16", 0.001, 1000)

    def plan(self, plan: Plan) -> Plan:
        """Give the device the format; a faster peak that it has already stays."""
        return plan.with_runs(
            lambda run: replace(run, machine=replace(run.machine, hardware=self._able(run.machine.hardware)))
        )

    def _able(self, device: Hardware) -> Hardware:
        peaks = device.peak_flops_per_s
        base = peaks.get("bf16", peaks.get("fp16"))
        if base is None:
            raise TechniqueError(f"{device.name} has no 16-bit peak to measure another format by.")
        peak = max(self.speed * base, peaks.get(self.format, 0.0))
        return device.with_(peak_flops_per_s={self.format: peak})
