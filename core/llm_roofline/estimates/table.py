"""The operator table: what each operator of a phase counts, moves and takes, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..basics.errors import UnknownNameError, did_you_mean
from ..roofline.rates import BOUNDS, BYTES, MOVED, SENT, WORK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ..roofline.compile import Compiled
    from ..roofline.rates import Rates

_BOUND = np.array(("compute", "memory", "link"))


@dataclass(frozen=True, eq=False)
class OperatorTable:
    """Columns of shape ``(op,)``, summed over the layers that run an operator; a decode table is the mean step.

    Parameters
    ----------
    structure : Compiled
        Names, kinds and layers.
    given : Rates
        Peaks and bandwidth.
    features : ndarray
        Mean features of the steps, shape ``(feature,)`` [1].
    rows : ndarray
        Mean work, traffic and times of one layer, shape ``(row, op)`` [FLOP, byte or s]; rows as in :class:`Rates`.
    layer_time : ndarray
        Mean time of one layer, shape ``(op,)`` [s].
    """

    structure: Compiled
    given: Rates
    features: NDArray[np.float64]
    rows: NDArray[np.float64]
    layer_time: NDArray[np.float64]

    @cached_property
    def columns(self) -> NDArray[np.float64]:
        """Mean counts of one layer, shape ``(column, op)`` [FLOP or 1]; columns as in ``compile.COLUMNS``."""
        return self.structure.columns_of(self.features)

    @property
    def work(self) -> NDArray[np.float64]:
        """Mean matrix and vector work of one layer, shape ``(2, op)`` [FLOP]."""
        return self.rows[WORK]

    @property
    def moved(self) -> NDArray[np.float64]:
        """Mean traffic of one layer, shape ``(byte column, op)`` [byte]."""
        return self.rows[MOVED]

    @property
    def bounds(self) -> NDArray[np.float64]:
        """Mean matrix, vector, memory and link time of one layer, shape ``(4, op)`` [s]."""
        return self.rows[BOUNDS]

    @property
    def sent(self) -> NDArray[np.float64]:
        """Mean of what one layer sends over a link, shape ``(op,)`` [byte]."""
        sent: NDArray[np.float64] = self.rows[SENT.start]
        return sent

    @property
    def name(self) -> tuple[str, ...]:
        """Names, unique in the table."""
        return self.structure.names

    @property
    def block(self) -> tuple[str, ...]:
        """Block that each operator belongs to."""
        return self.structure.blocks

    @property
    def kind(self) -> tuple[str, ...]:
        """Kind of each operator, such as ``"attention"``."""
        return self.structure.kinds

    @property
    def count(self) -> NDArray[np.float64]:
        """Layers that run each operator [1]."""
        return self.structure.layers

    @cached_property
    def flops(self) -> NDArray[np.float64]:
        """Matrix and vector work [FLOP]."""
        return self._over_layers(self.work.sum(axis=0))

    @cached_property
    def bytes(self) -> NDArray[np.float64]:
        """Traffic of every kind [byte]."""
        return self._over_layers(self.moved.sum(axis=0))

    def traffic(self, column: str) -> NDArray[np.float64]:
        """Traffic of one kind, a name of ``roofline.BYTES`` such as ``"kv_read_bytes"`` [byte]."""
        return self._over_layers(self.moved[BYTES.index(column)])

    @cached_property
    def arithmetic_intensity(self) -> NDArray[np.float64]:
        """Work for each byte moved [FLOP/byte]."""
        return np.divide(self.flops, self.bytes, out=np.zeros_like(self.flops), where=self.bytes > 0)

    @cached_property
    def matrix_time(self) -> NDArray[np.float64]:
        """Time that the matrix work takes at its peak [s]."""
        return self._over_layers(self.bounds[0])

    @cached_property
    def vector_time(self) -> NDArray[np.float64]:
        """Time that the vector work takes at its peak [s]."""
        return self._over_layers(self.bounds[1])

    @cached_property
    def compute_time(self) -> NDArray[np.float64]:
        """The longer of matrix and vector time [s]."""
        return self._over_layers(self.bounds[:2].max(axis=0))

    @cached_property
    def memory_time(self) -> NDArray[np.float64]:
        """Time that the traffic takes at full bandwidth [s]."""
        return self._over_layers(self.bounds[2])

    @cached_property
    def link_bytes(self) -> NDArray[np.float64]:
        """What crosses a link to another device or memory [byte]."""
        return self._over_layers(self.sent)

    @cached_property
    def link_time(self) -> NDArray[np.float64]:
        """Time that it takes at the link's full bandwidth, its latency included [s]."""
        return self._over_layers(self.bounds[3])

    @cached_property
    def time(self) -> NDArray[np.float64]:
        """Time by the roofline: the longest of the four, step by step [s]."""
        return self._over_layers(self.layer_time)

    @cached_property
    def share(self) -> NDArray[np.float64]:
        """Share of the phase's time [1]."""
        total = self.time.sum()
        return self.time / total if total else self.time

    @cached_property
    def bound(self) -> NDArray[np.str_]:
        """``"memory"``, ``"compute"`` or ``"link"``: what takes the longest, compute where it is level with memory."""
        binding: NDArray[np.str_] = _BOUND[np.argmax((self.compute_time, self.memory_time, self.link_time), axis=0)]
        return binding

    @property
    def peak_flops_per_s(self) -> NDArray[np.float64]:
        """Peak of the format and units that each operator runs on [FLOP/s]."""
        return self.given.peaks

    @property
    def compute_format(self) -> tuple[str, ...]:
        """Format that each operator computes in; ``"vector"`` on the vector lanes."""
        return self.given.compute_formats

    @cached_property
    def attainable_flops_per_s(self) -> NDArray[np.float64]:
        """Height of the roof over each operator's intensity [FLOP/s]."""
        return np.minimum(self.peak_flops_per_s, self.arithmetic_intensity * self.given.bandwidths)

    @cached_property
    def achieved_flops_per_s(self) -> NDArray[np.float64]:
        """Work on the units of its roof for each second of the roofline's time [FLOP/s].

        Attainable, or a little less where a fused operator keeps the vector lanes busy as well: their work has a roof
        of its own.
        """
        matrix, vector = self.work
        own = np.where((matrix > 0) & (self.given.vector_peaks > 0), matrix, matrix + vector)
        work = self._over_layers(own)
        return np.divide(work, self.time, out=np.zeros_like(work), where=self.time > 0)

    def _over_layers(self, of_one: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over the layers that run each operator, given that of one."""
        total: NDArray[np.float64] = self.count * of_one
        return total

    def __len__(self) -> int:
        """Count of operators."""
        return len(self.name)

    def __iter__(self) -> Iterator[OperatorRow]:
        """Rows in forward order."""
        return (OperatorRow(self, i) for i in range(len(self)))

    def __getitem__(self, name: str) -> OperatorRow:
        """Row of an operator; an unknown name says the nearest ones."""
        if name in self.name:
            return OperatorRow(self, self.name.index(name))
        message = f"Unknown operator {name!r}.{did_you_mean(str(name), self.name)} Accepted are {', '.join(self.name)}."
        raise UnknownNameError(message)


@dataclass(frozen=True, eq=False)
class OperatorRow:
    """One operator of a table; every column of the table is an attribute of it.

    Parameters
    ----------
    table : OperatorTable
        The table.
    index : int
        Position in it [1].
    """

    table: OperatorTable
    index: int

    def __getattr__(self, column: str) -> object:
        """Value of a column in this row."""
        if column.startswith("_") or column not in ROW_COLUMNS:
            raise AttributeError(f"An operator has no {column!r}.{did_you_mean(column, ROW_COLUMNS)}")
        value = getattr(self.table, column)[self.index]
        return value.item() if isinstance(value, np.generic) else value

    def __repr__(self) -> str:
        """Name, bound and share."""
        return f"OperatorRow({self.table.name[self.index]!r})"

    def explain(self) -> str:
        """Formula, inserted numbers and source, as text."""
        from .explain import explanation  # noqa: PLC0415 - the text is built from the table, which this module holds

        return explanation(self)


ROW_COLUMNS = (
    "name",
    "block",
    "kind",
    "count",
    "flops",
    "bytes",
    "arithmetic_intensity",
    "attainable_flops_per_s",
    "achieved_flops_per_s",
    "peak_flops_per_s",
    "compute_format",
    "matrix_time",
    "vector_time",
    "compute_time",
    "memory_time",
    "link_bytes",
    "link_time",
    "time",
    "share",
    "bound",
)
"""Columns that a row has, in the order in which tables are written."""
