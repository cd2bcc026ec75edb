"""Additions to the residual stream."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from . import flop
from .base import Operator
from .cost import Cost
from .counts import SEQUENCES, TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterable

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

    def rows(self, conventions: Conventions) -> Iterable[Operator]:
        """Itself; or an addition of two after the other, as LLM-Viewer has them in GPT-J."""
        if conventions.joint_add or self.gated:
            yield self
            return
        total, *others = self.inputs
        for source in others[:-1]:
            one = replace(self, name=f"{self.name}.{source}", inputs=(total, source))
            yield one
            total = one.name
        yield replace(self, inputs=(total, *others[-1:]))

    def cost(self, conventions: Conventions) -> Cost:
        """One FLOP an element and addition (arXiv 2402.16363, Table 1, which reads only one operand)."""
        gated = self.gated and conventions.conditioning
        additions = len(self.inputs) - 1 - self.gated
        read = additions + conventions.add_reads_both
        operands: dict[Count, float] = {self.per: read * self.width}
        work = additions * (flop.ADD + flop.GATE * gated)
        return Cost(
            vector_flops={self.per: work * self.width},
            wide_read={**operands, SEQUENCES: self.width} if gated else operands,
            wide_write={self.per: self.width},
            formula=f"{work} · {self.per.name} · {self.width:,}",
            source="arXiv 1512.03385, section 3.2",
        )
