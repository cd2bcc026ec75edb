"""Activation functions of the feed-forward network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..step import TOKENS
from . import flop
from .base import Counts, Operator

if TYPE_CHECKING:
    from ..conventions import Conventions


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
        ``"silu"``, ``"gelu"`` or ``"relu"``.
    gated : bool
        Multiplies a second half of the same width.
    """

    width: int
    hidden: int
    function: str
    gated: bool

    kind: ClassVar[str] = "elementwise"

    def counts(self, conventions: Conventions) -> Counts:
        """FLOP of :mod:`.flop` an element; every operand is read and the result written (arXiv 2002.05202)."""
        if conventions.activation_on_ffn:
            cost, width, operands = flop.ACTIVATION[self.function] + flop.GATE * self.gated, self.width, 1 + self.gated
        else:
            cost, width, operands = 2, self.hidden, 2
        return Counts(
            vector_flops={TOKENS: cost * width},
            wide_read={TOKENS: operands * width},
            activation_write={TOKENS: width},
            formula=f"{cost} · tokens · {width:,}",
            source="arXiv 2002.05202" if self.gated else "arXiv 1606.08415",
        )
