"""Additions to the residual stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..features import TOKENS
from . import flop
from .base import Counts, Operator

if TYPE_CHECKING:
    from ..conventions import Conventions


@dataclass(frozen=True, slots=True)
class ResidualAdd(Operator):
    """The sum of its inputs, element by element.

    Parameters
    ----------
    width : int
        Elements of a token [1].
    """

    width: int

    kind: ClassVar[str] = "elementwise"

    def counts(self, conventions: Conventions) -> Counts:
        """One FLOP an element and addition (arXiv 2402.16363, Table 1, which reads only one operand)."""
        additions = len(self.inputs) - 1
        read = additions + conventions.add_reads_both
        return Counts(
            vector_flops={TOKENS: flop.ADD * additions * self.width},
            wide_read={TOKENS: read * self.width},
            wide_write={TOKENS: self.width},
            formula=f"{additions} · tokens · {self.width:,}",
            source="arXiv 1512.03385, section 3.2",
        )
