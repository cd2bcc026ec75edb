"""A machine: a device, the links that reach it, and other devices that some kinds of operators run on instead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..basics import TechniqueError

if TYPE_CHECKING:
    from .hardware import Hardware


@dataclass(frozen=True, slots=True)
class Machine:
    """What a pass runs on.

    Parameters
    ----------
    hardware : Hardware
        The device.
    links : tuple of tuple
        Bandwidth of each link by its name, such as ``"network"`` or ``"host"`` [byte/s]; 0 for what the device itself
        has to others.
    offloaded : tuple of tuple
        Device of each kind of operators that runs on another one, by the kind that a picture shows.
    """

    hardware: Hardware
    links: tuple[tuple[str, float], ...] = ()
    offloaded: tuple[tuple[str, Hardware], ...] = ()

    def with_link(self, name: str, bandwidth: float) -> Machine:
        """The same machine with a link; of two of one name whose speeds are given the slower counts.

        Parameters
        ----------
        name : str
            Its name.
        bandwidth : float
            Its bandwidth [byte/s]; 0 for what the device itself has to others.
        """
        links = dict(self.links)
        speeds = [speed for speed in (bandwidth, links.get(name, 0.0)) if speed]
        return replace(self, links=tuple((links | {name: min(speeds, default=0.0)}).items()))

    def bandwidth_of(self, link: str) -> float:
        """Bandwidth of a link [byte/s].

        Parameters
        ----------
        link : str
            Its name.

        Raises
        ------
        TechniqueError
            If nothing says how fast it is.
        """
        links = dict(self.links)
        if link not in links:
            raise TechniqueError(f"nothing says how fast the {link} link of {self.hardware.name} is.")
        bandwidth = links[link] or self.hardware.interconnect_bandwidth
        if not bandwidth:
            raise TechniqueError(
                f"{self.hardware.name} has no known link to other devices; give its bandwidth in GB/s, above 0."
            )
        return bandwidth

    def device_of(self, kind: str) -> Hardware:
        """Device that operators of a kind run on.

        Parameters
        ----------
        kind : str
            A kind that a picture shows.
        """
        return dict(self.offloaded).get(kind, self.hardware)
