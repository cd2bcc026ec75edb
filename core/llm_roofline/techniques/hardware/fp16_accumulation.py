"""Sums of products in 16 bit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..base import Technique

if TYPE_CHECKING:
    from ...devices import Hardware
    from ...serving import Plan

ENDING = "_acc16"


@dataclass(frozen=True)
class Fp16Accumulation(Technique):
    """fp16 sums; a device that is no faster with them stays as it is, and a note says so."""

    name = "fp16-accumulation"
    label = "fp16 accumulation"
    mechanism = "Matrix units add up products in fp16, which GeForce runs at twice the rate of fp32 sums."
    citation = "NVIDIA Ada GPU architecture white paper v2.1, appendix A: peaks with FP16 and with FP32 accumulate"
    acts_on = "hardware"
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")

    def plan(self, plan: Plan) -> Plan:
        """Take the device's peaks with fp16 sums for those with fp32 sums."""
        devices = {run.machine.hardware for run in plan.runs}
        slow = sorted(device.name for device in devices if not _summed_in_fp16(device))
        notes = tuple(f"{name} has no faster peak with fp16 accumulation; its peaks stay." for name in slow)
        changed = plan.with_runs(
            lambda run: replace(run, machine=replace(run.machine, hardware=_faster(run.machine.hardware)))
        )
        return replace(changed, notes=(*changed.notes, *notes))


def _summed_in_fp16(device: Hardware) -> dict[str, float]:
    """Peaks with fp16 sums by the compute format whose operands they multiply, where these are faster [FLOP/s]."""
    peaks = device.peak_flops_per_s
    faster = {name.removesuffix(ENDING): speed for name, speed in peaks.items() if name.endswith(ENDING)}
    return {name: speed for name, speed in faster.items() if speed > peaks.get(name, 0.0)}


def _faster(device: Hardware) -> Hardware:
    peaks = _summed_in_fp16(device)
    return device.with_(peak_flops_per_s=peaks) if peaks else device
