"""Work on single elements that has no file of its own: gates, scalings, the choice of experts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .base import Operator
from .cost import Cost
from .counts import ONE, TOKENS

if TYPE_CHECKING:
    from ..formats import Conventions
    from .counts import Count


@dataclass(frozen=True, slots=True)
class Elementwise(Operator):
    """An element-by-element operator: its operands are read, its result is written.

    Parameters
    ----------
    width_in, width_out : int
        Elements that are read and written for each token [1].
    flops : int
        Work for each token [FLOP].
    source : str
        Where the formula comes from.
    to_product : bool
        The result is an operand of a matrix product, stored in the format of the activations.
    per : Count
        What it runs for: new tokens, or sequences where one row serves all tokens of one.
    own : int
        Parameters of its own, such as a scale for each channel [1]; read once a step.
    """

    width_in: int
    width_out: int
    flops: int
    source: str
    to_product: bool = False
    per: Count = TOKENS
    own: int = 0

    kind: ClassVar[str] = "elementwise"

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]."""
        return {"wide": self.own}

    def cost(self, conventions: Conventions) -> Cost:  # noqa: ARG002 - no switch
        """The work and the traffic that were given."""
        written: dict[Count, float] = {self.per: self.width_out}
        return Cost(
            vector_flops={self.per: self.flops},
            wide_weight_read={ONE: self.own},
            wide_read={self.per: self.width_in},
            activation_write=written if self.to_product else {},
            wide_write={} if self.to_product else written,
            formula=f"{self.flops:,} · {self.per.name}",
            source=self.source,
        )
