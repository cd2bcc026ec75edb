"""Embedding tables: tokens, learned positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .base import Operator
from .cost import Cost
from .counts import TOKENS

if TYPE_CHECKING:
    from ..formats import Conventions
    from .counts import Count


@dataclass(frozen=True, slots=True)
class Embedding(Operator):
    """A table of which one row a token is read.

    Parameters
    ----------
    table_rows : int
        Rows of the table [1].
    width : int
        Elements of a row [1].
    per : Count
        What a row is read for: new tokens, or sequences.
    tied : bool
        Shares the weights of another table, which stores them.
    """

    table_rows: int
    width: int
    per: Count = TOKENS
    tied: bool = False

    kind: ClassVar[str] = "embedding"

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]."""
        return {"head": self.table_rows * self.width * (not self.tied)}

    def is_counted(self, conventions: Conventions) -> bool:
        """Has a switch of its own."""
        return conventions.embedding

    def cost(self, conventions: Conventions) -> Cost:  # noqa: ARG002 - the switch above is the only one
        """No FLOP; one row is read and written for each."""
        row = {self.per: self.width}
        return Cost(head_read=row, wide_write=row, formula="0", source="a look-up: one row a token")
