"""One operator of a table, and its numbers traced to their sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..basics import percent
from .explain import Row, explanation

if TYPE_CHECKING:
    from .columns import OperatorColumns


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class OperatorRow:
    """One operator of a table, its columns as attributes, each over all the layers that run it.

    Parameters
    ----------
    name, block, kind : str
        Name in the table, block that it belongs to, and kind.
    count : float
        Layers that run it [1].
    flops, bytes : float
        Work [FLOP] and traffic [byte].
    arithmetic_intensity : float
        Work for each byte moved [FLOP/byte].
    attainable_flops_per_s, achieved_flops_per_s, peak_flops_per_s : float
        Height of the roof over its intensity, what it reaches, and the peak of the units that it runs on [FLOP/s].
    compute_format : str
        Format that it computes in; ``"vector"`` on the vector lanes.
    matrix_time, vector_time, compute_time, memory_time : float
        Times that matrix work, vector work, the longer of both, and traffic take [s].
    link_bytes, link_time : float
        Bytes that cross a link [byte], and the time that they take [s].
    time, share : float
        Time by the roofline [s], and its share of the phase [1].
    bound : str
        ``"memory"``, ``"compute"`` or ``"link"``.
    table : OperatorTable
        The table that it is a row of.
    index : int
        Position in it [1].
    """

    name: str
    block: str
    kind: str
    count: float
    flops: float
    bytes: float
    arithmetic_intensity: float
    attainable_flops_per_s: float
    achieved_flops_per_s: float
    peak_flops_per_s: float
    compute_format: str
    matrix_time: float
    vector_time: float
    compute_time: float
    memory_time: float
    link_bytes: float
    link_time: float
    time: float
    share: float
    bound: str
    table: OperatorColumns
    index: int

    def __repr__(self) -> str:
        """Name, bound and share."""
        return f"OperatorRow({self.name!r}, {self.bound}-bound, {percent(self.share)} of the time)"

    def explain(self) -> str:
        """Formula, inserted numbers and source, as text."""
        table, i = self.table, self.index
        row = Row(
            position=i,
            counts=table.counts,
            columns=table.columns[:, i],
            rows=table.rows[:, i],
            time=float(table.layer_time[i]),
            intensity=self.arithmetic_intensity,
            bound=self.bound,
        )
        return explanation(table.rates, row)
