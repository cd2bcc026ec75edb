"""Additions to the residual stream."""

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
class ResidualAdd(Operator):
    """The sum of its inputs, element by element.

    Parameters
    ----------
    width : int
        Elements of a token [1].
    gated : bool
        The last input is no operand, but has a gate for each sequence, which what is added is multiplied by
        (arXiv 2212.09748).
    per : Count
        What it runs for: new tokens, or those whose next one is asked for.
    """

    width: int
    gated: bool = False
    per: Count = TOKENS

    kind: ClassVar[str] = "elementwise"

    def cost(self, conventions: Conventions) -> Cost:
        """One FLOP an element and addition (arXiv 2402.16363, Table 1, which reads only one operand)."""
        additions = len(self.inputs) - 1 - self.gated
        read = additions + conventions.add_reads_both
        operands: dict[Count, float] = {self.per: read * self.width}
        work = additions * (flop.ADD + flop.GATE * self.gated)
        return Cost(
            vector_flops={self.per: work * self.width},
            wide_read={**operands, SEQUENCES: self.width} if self.gated else operands,
            wide_write={self.per: self.width},
            formula=f"{work} · {self.per.name} · {self.width:,}",
            source="arXiv 1512.03385, section 3.2",
        )
