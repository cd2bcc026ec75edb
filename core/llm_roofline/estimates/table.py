"""The operator table of a phase: its columns, and its rows by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..basics import UnknownNameError, did_you_mean
from .columns import OperatorColumns
from .quantities import COLUMNS
from .row import OperatorRow

if TYPE_CHECKING:
    from collections.abc import Iterator


class OperatorTable(OperatorColumns):
    """Columns of shape ``(op,)``, and their rows: iterated in forward order, or taken by an operator's name."""

    def __len__(self) -> int:
        """Count of operators."""
        return len(self.name)

    def __iter__(self) -> Iterator[OperatorRow]:
        """Rows in forward order."""
        return map(self._row, range(len(self)))

    def __getitem__(self, name: str) -> OperatorRow:
        """Row of an operator; an unknown name says the nearest ones."""
        if name in self.name:
            return self._row(self.name.index(name))
        message = f"Unknown operator {name!r}.{did_you_mean(str(name), self.name)} Accepted are {', '.join(self.name)}."
        raise UnknownNameError(message)

    def _row(self, i: int) -> OperatorRow:
        columns = {name: entry.of(self)[i] for name, entry in COLUMNS.items()}
        values = {name: v.item() if isinstance(v, np.generic) else v for name, v in columns.items()}
        return OperatorRow(**values, table=self, index=i)
