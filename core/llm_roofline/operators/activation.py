"""Activation functions of the feed-forward network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from . import flop
from .base import Operator
from .cost import Cost
from .counts import SEQUENCES, TOKENS

if TYPE_CHECKING:
    from ..formats import Conventions
    from .counts import Count


@dataclass(frozen=True, slots=True)
class Activation(Operator):
    """An activation function, with the product by the gated half where there is one.

    Parameters
    ----------
    width : int
        FFN width [1].
    hidden : int
        Hidden size [1]; only ``Conventions.paper`` counts on it.
    function : str
        A key of :data:`.flop.ACTIVATION`.
    gated : bool
        Multiplies a second half of the same width.
    per : Count
        What it runs for: new tokens, or sequences where one row serves all tokens of one.
    copies : int
        Rows of that width for each of them, such as those of the chosen experts [1].
    """

    width: int
    hidden: int
    function: str
    gated: bool
    per: Count = TOKENS
    copies: int = 1

    kind: ClassVar[str] = "elementwise"

    def is_counted(self, conventions: Conventions) -> bool:
        """What runs once for a sequence is the modulation of a diffusion transformer."""
        return conventions.conditioning or self.per != SEQUENCES

    def cost(self, conventions: Conventions) -> Cost:
        """FLOP of :mod:`.flop` an element; every operand is read and the result written (arXiv 2002.05202)."""
        if conventions.activation_on_ffn:
            cost, operands = flop.ACTIVATION[self.function] + flop.GATE * self.gated, 1 + self.gated
            width = self.width * self.copies
        else:
            cost, width, operands = 2, self.hidden, 2
        return Cost(
            vector_flops={self.per: cost * width},
            wide_read={self.per: operands * width},
            activation_write={self.per: width},
            formula=f"{cost} · {self.per.name} · {width:,}",
            source="arXiv 2002.05202" if self.gated else "arXiv 1606.08415",
        )
