"""What each operator of a phase counts, moves and takes, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..operators import BYTES
from ..roofline import BINDING, BOUNDS, MOVED, SENT, WORK, binding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..roofline import Compiled, Rates


@dataclass(frozen=True, eq=False)
class OperatorColumns:
    """Columns of shape ``(op,)``, summed over the layers that run an operator; a decode table is the mean step.

    Parameters
    ----------
    rates : Rates
        The operators, and what the device makes of them.
    counts : ndarray
        Mean counts of the steps, shape ``(count,)`` [1].
    layer_time : ndarray
        Mean time of one layer, shape ``(op,)`` [s].
    """

    rates: Rates
    counts: NDArray[np.float64]
    layer_time: NDArray[np.float64]

    @property
    def structure(self) -> Compiled:
        """Names, kinds, layers and costs."""
        return self.rates.structure

    @cached_property
    def rows(self) -> NDArray[np.float64]:
        """Mean work, traffic and times of one layer, shape ``(row, op)`` [FLOP, byte or s]; rows as in ``Rates``."""
        return self.rates.rows(self.counts)

    @cached_property
    def columns(self) -> NDArray[np.float64]:
        """Mean costs of one layer, shape ``(column, op)`` [FLOP, 1 or s]; columns as in ``cost.COLUMNS``."""
        return self.structure.columns_of(self.counts)

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
        """Mean bytes that one layer sends over a link, shape ``(op,)`` [byte]."""
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
        """Traffic of one kind, a name of ``cost.BYTES`` such as ``"kv_read_bytes"`` [byte].

        Parameters
        ----------
        column : str
            Name of the kind.
        """
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
        """Bytes that cross a link to another device or memory [byte]."""
        return self._over_layers(self.sent)

    @cached_property
    def link_time(self) -> NDArray[np.float64]:
        """Time that these take at the link's full bandwidth, its latency included [s]."""
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
        bound: NDArray[np.str_] = BINDING[binding(self.compute_time, self.memory_time, self.link_time)]
        return bound

    @property
    def peak_flops_per_s(self) -> NDArray[np.float64]:
        """Peak of the format and units that each operator runs on [FLOP/s]."""
        return self.rates.peaks

    @property
    def compute_format(self) -> tuple[str, ...]:
        """Format that each operator computes in; ``"vector"`` on the vector lanes."""
        return self.rates.compute_formats

    @cached_property
    def attainable_flops_per_s(self) -> NDArray[np.float64]:
        """Height of the roof over each operator's intensity [FLOP/s]."""
        return np.minimum(self.peak_flops_per_s, self.arithmetic_intensity * self.rates.bandwidths)

    @cached_property
    def achieved_flops_per_s(self) -> NDArray[np.float64]:
        """Work on the units of its roof for each second of the roofline's time [FLOP/s].

        Attainable, or a little less where a fused operator keeps the vector lanes busy as well: their work has a roof
        of its own.
        """
        matrix, vector = self.work
        roofed = np.where((matrix > 0) & (self.rates.vector_peaks > 0), matrix, matrix + vector)
        work = self._over_layers(roofed)
        return np.divide(work, self.time, out=np.zeros_like(work), where=self.time > 0)

    def _over_layers(self, of_one: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over the layers that run each operator, given that of one."""
        total: NDArray[np.float64] = self.count * of_one
        return total
