"""A phase: one forward pass, or the mean of many, with its operators and totals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ..basics.arrays import plain
from ..basics.units import quantity
from .table import OperatorTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..roofline.rates import Rates


@dataclass(frozen=True, eq=False)
class Phase:
    """A forward pass: of a tower, the prefill, the mean decode step of a generation, or a denoising step.

    Of many workloads at once its totals are arrays of shape ``(*sweep)``.

    Parameters
    ----------
    name : str
        ``"vision"``, ``"encoder"``, ``"prefill"``, ``"draft prefill"``, ``"draft"``, ``"decode"``, ``"denoising"`` or
        ``"step"``.
    rates : Rates
        Its operators, and what the device makes of them.
    counts : ndarray
        Mean counts of the steps, shape ``(count, *sweep)`` [1].
    layer_time : ndarray
        Mean time of one layer of each operator, shape ``(op, *sweep)`` [s].
    steps : int
        Steps that it is the mean of [1].
    """

    name: str
    rates: Rates
    counts: NDArray[np.float64]
    layer_time: NDArray[np.float64]
    steps: int

    @cached_property
    def operators(self) -> OperatorTable:
        """Its operators."""
        return OperatorTable(self.rates, self.counts, self.layer_time)

    @cached_property
    def time(self) -> float:
        """Time of one pass by the roofline [s]."""
        time: float = plain(self.rates.structure.layers @ self.layer_time)
        return time

    def time_of(self, operator: str) -> float:
        """Time of one of its operators [s].

        Parameters
        ----------
        operator : str
            Its name.
        """
        return float(self.operators.time[self.operators.name.index(operator)])

    @cached_property
    def flops(self) -> float:
        """Work of one pass [FLOP]."""
        flops: float = plain(self.rates.work_and_traffic[0] @ self.counts)
        return flops

    @cached_property
    def bytes(self) -> float:
        """Traffic of one pass [byte]."""
        bytes: float = plain(self.rates.work_and_traffic[1] @ self.counts)
        return bytes

    @cached_property
    def bound_shares(self) -> dict[str, float]:
        """Share of the time spent in operators of each bound, ``"memory"``, ``"compute"`` and ``"link"`` [1]."""
        shares = {"memory": 0.0, "compute": 0.0, "link": 0.0}
        for bound, share in zip(self.operators.bound.tolist(), self.operators.share.tolist(), strict=True):
            shares[bound] += share
        return shares

    @property
    def memory_bound_share(self) -> float:
        """Share of the time spent in memory-bound operators [1]."""
        return self.bound_shares["memory"]

    @property
    def bound(self) -> str:
        """``"memory"``, ``"compute"`` or ``"link"``: what binds the operators that take most of the time."""
        return max(self.bound_shares, key=lambda name: self.bound_shares[name])

    def __repr__(self) -> str:
        """One line."""
        return (
            f"Phase({self.name}: {quantity(self.time, 's')}, {quantity(self.flops, 'FLOP')}, "
            f"{quantity(self.bytes, 'B')}, {self.bound}-bound)"
        )
