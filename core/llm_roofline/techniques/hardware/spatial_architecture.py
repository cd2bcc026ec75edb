"""Weights that stay on the chips that use them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..base import Technique
from ..parameters import count, number

if TYPE_CHECKING:
    from ...serving import Plan, Run


@dataclass(frozen=True)
class SpatialArchitecture(Technique):
    """Many chips, each with its part of the layers in memory on the chip, which a token visits one after the other."""

    name = "spatial-architecture"
    label = "spatial architecture"
    mechanism = (
        "Weights and cache lie in the memory of many chips, at its bandwidth; a token passes them one after the other, "
        "so that the peak stays that of one."
    )
    citation = "Groq TSP, Abts et al., ISCA 2020, doi 10.1109/ISCA45697.2020.00023; arXiv 2402.16363, section 6.1"
    acts_on = "hardware"
    never_raises = ("prefill_flops", "decode_flops", "prefill_bytes", "decode_bytes")

    chips: int = count(576, "chips", low=1)
    megabytes: float = number(230.0, "memory of a chip", 1, unit="MB")
    bandwidth: float = number(80.0, "bandwidth of a chip's memory", 0.001, unit="TB/s")

    def plan(self, plan: Plan) -> Plan:
        """Put the memory of the chips in place of the device's."""
        return replace(plan.with_runs(self._on_chip), devices=plan.devices * self.chips)

    def _on_chip(self, run: Run) -> Run:
        device = run.machine.hardware.with_(
            memory_bandwidth=self.bandwidth * 1e12, memory_bytes=self.chips * self.megabytes * 1e6
        )
        return replace(run, machine=replace(run.machine, hardware=device))
