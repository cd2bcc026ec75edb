"""Communication: what devices send each other between operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .base import Operator
from .cost import Cost
from .counts import ONE, TOKENS

if TYPE_CHECKING:
    from ..formats import Conventions
    from .counts import Count

RING = "in a ring: Patarasuk and Yuan 2009, doi 10.1016/j.jpdc.2008.09.002"
EXCHANGE = "arXiv 2006.16668, section 3.2"
NEXT = "arXiv 1811.06965, section 2.3"


@dataclass(frozen=True, slots=True)
class Collective(Operator):
    """A message that crosses the network; each device reads what it sends from its memory and writes what it gets.

    Parameters
    ----------
    width : float
        Elements of the whole message for each token, in 16 bit [1].
    share : float
        What one device sends of it: 2 (n - 1) / n for an all-reduce in a ring, (n - 1) / n for a gather and for an
        exchange of all with all, 1 from one to the next [1].
    latency : float
        What it takes before its first byte [s].
    devices : int
        Devices that take part [1].
    source : str
        Where the share comes from.
    link : str
        Name of the network that it crosses.
    per : Count
        What there is a message for, such as new tokens.
    """

    width: float
    share: float
    latency: float
    devices: int
    source: str
    link: str
    per: Count = TOKENS

    kind: ClassVar[str] = "communication"

    def cost(self, conventions: Conventions) -> Cost:  # noqa: ARG002 - no switch
        """No FLOP; the message crosses the network."""
        message = {self.per: self.width}
        return Cost(
            wide_read=message,
            wide_write=message,
            wide_sent={self.per: self.width * self.share},
            latency={ONE: self.latency},
            link=self.link,
            formula="0",
            source=self.source,
        )
