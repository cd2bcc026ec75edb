"""The networks between devices: their bandwidth, and the messages that cross them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...operators import EXCHANGE, NEXT, RING, Collective
from ...operators.counts import TOKENS

if TYPE_CHECKING:
    from ...operators.counts import Count
    from ...serving import Plan, Run

LATENCY = 2.0
"""Latency of a collective [µs], an assumption: of the order of a single hop over NVLink, and so a bound."""
LAYERS, STAGES, PHASES = NETWORKS = "network", "network of stages", "network of phases"
"""Links among devices that share layers, to the next stage, and from prefill to decode; each may have its own speed."""


@dataclass(frozen=True, slots=True)
class Network:
    """Devices that send each other messages.

    Parameters
    ----------
    devices : int
        How many they are, n [1].
    latency : float
        Latency of a collective [µs].
    link : str
        What they cross, one of :data:`NETWORKS`.
    """

    devices: int
    latency: float
    link: str = LAYERS

    def all_reduce(self, source: str, width: float, per: Count = TOKENS) -> Collective:
        """Sum of what every device has, on every device: 2 (n - 1) / n of it."""
        share = 2 * (self.devices - 1) / self.devices
        return self._message(f"{source}.all_reduce", source, width, share, RING, per)

    def all_gather(self, source: str, width: float, per: Count = TOKENS) -> Collective:
        """The parts of every device, on every device: (n - 1) / n of it."""
        share = (self.devices - 1) / self.devices
        return self._message(f"{source}.all_gather", source, width, share, RING, per)

    def all_to_all(self, name: str, source: str, width: float) -> Collective:
        """Each device sends every other one its part: (n - 1) / n of it."""
        return self._message(name, source, width, (self.devices - 1) / self.devices, EXCHANGE, TOKENS)

    def send(self, name: str, source: str, width: float) -> Collective:
        """A message from one device to the next."""
        return self._message(name, source, width, 1.0, NEXT, TOKENS)

    def _message(  # noqa: PLR0913, PLR0917 - what a collective is made of
        self, name: str, source: str, width: float, share: float, origin: str, per: Count
    ) -> Collective:
        return Collective(name, (source,), width, share, self.latency * 1e-6, self.devices, origin, self.link, per)


def on_network(plan: Plan, gigabytes_per_s: float, link: str = LAYERS) -> Plan:
    """The plan with a network under every run.

    Parameters
    ----------
    plan : Plan
        What runs.
    gigabytes_per_s : float
        Bandwidth of a device's link to the others in one direction [GB/s]; 0 for the device's own.
    link : str
        Which network, one of :data:`NETWORKS`.

    Raises
    ------
    TechniqueError
        If the device has none and none is given.
    """

    def linked(run: Run) -> Run:
        machine = run.machine.with_link(link, gigabytes_per_s * 1e9)
        machine.bandwidth_of(link)  # or the reason why there is none
        return replace(run, machine=machine)

    return plan.with_runs(linked)
