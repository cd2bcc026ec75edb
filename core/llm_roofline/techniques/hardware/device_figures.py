"""Any figure of the device, changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..base import Technique
from ..parameters import number
from ..rewriting.network import NETWORKS

if TYPE_CHECKING:
    from ...devices import Hardware
    from ...serving import Plan


@dataclass(frozen=True)
class DeviceFigures(Technique):
    """A device that has several times of something."""

    name = "device-figures"
    label = "another device"
    mechanism = "Peaks, bandwidth, capacity and network are multiplied, which moves roofs, slope and ridge point."
    citation = "Williams et al. 2009, doi 10.1145/1498765.1498785; arXiv 2402.16363, figure 20"
    acts_on = "hardware"
    neutral = {"peak": 1.0, "vector": 1.0, "bandwidth": 1.0, "capacity": 1.0, "network": 1.0}

    peak: float = number(1.0, "peaks of the matrix units, times", 0.001, 1000)
    vector: float = number(1.0, "peak of the vector lanes, times", 0.001, 1000)
    bandwidth: float = number(2.0, "bandwidth of the memory, times", 0.001, 1000)
    capacity: float = number(1.0, "capacity of the memory, times", 0.001, 1000)
    network: float = number(1.0, "bandwidth of the network, times", 0.001, 1000)

    def plan(self, plan: Plan) -> Plan:
        """Change the device under every run, and its links to others."""
        factors = (self.peak, self.vector, self.bandwidth, self.capacity, self.network)
        if factors == (1.0,) * len(factors):
            return plan
        return plan.with_runs(
            lambda run: replace(
                run,
                machine=replace(
                    run.machine,
                    hardware=self._changed(run.machine.hardware),
                    links=tuple((name, b * (self.network if name in NETWORKS else 1)) for name, b in run.machine.links),
                ),
            )
        )

    def _changed(self, device: Hardware) -> Hardware:
        figures: dict[str, Any] = {
            "peak_flops_per_s": {name: self.peak * value for name, value in device.peak_flops_per_s.items()},
            "vector_flops_per_s": {name: self.vector * value for name, value in device.vector_flops_per_s.items()},
            "memory_bandwidth": self.bandwidth * device.memory_bandwidth,
            "memory_bytes": self.capacity * device.memory_bytes,
        }
        if device.interconnect_bandwidth:
            figures["interconnect_bandwidth"] = self.network * device.interconnect_bandwidth
        return device.with_(**figures)
