"""Embedding tables: tokens, learned positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..step import TOKENS
from .base import Counts, Operator

if TYPE_CHECKING:
    from ..conventions import Conventions


@dataclass(frozen=True, slots=True)
class Embedding(Operator):
    """A table of which one row a token is read.

    Parameters
    ----------
    table_rows : int
        Rows of the table [1].
    width : int
        Elements of a row [1].
    """

    table_rows: int
    width: int

    kind: ClassVar[str] = "embedding"

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]."""
        return {"head": self.table_rows * self.width}

    def is_counted(self, conventions: Conventions) -> bool:
        """Has a switch of its own."""
        return conventions.embedding

    def counts(self, conventions: Conventions) -> Counts:  # noqa: ARG002 - the switch above is the only one
        """No FLOP; one row a token is read and written."""
        row = {TOKENS: self.width}
        return Counts(head_read=row, wide_write=row, formula="0", source="a look-up: one row a token")
