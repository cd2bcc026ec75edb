"""A phase: some forward passes together, or the mean of many, with its operators and totals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..basics import Numbers, plain, quantity
from ..roofline import BINDING, binding
from .table import OperatorTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..roofline import Rates


class Passes(NamedTuple):
    """The passes of a phase, of which some stand for many.

    Parameters
    ----------
    values : ndarray
        Counts of each, shape ``(count, pass, *sweep)`` [1].
    times : ndarray
        Times of one layer of each operator in them, times their shares, shape ``(op, pass, *sweep)`` [s].
    shares : ndarray
        What each counts for, shape ``(pass, *sweep)`` [1].
    """

    values: NDArray[np.float64]
    times: NDArray[np.float64]
    shares: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Phase:
    """A forward pass: of a tower, the prefill, the mean decode step of a generation, or a denoising step.

    Of many workloads at once its totals are arrays of shape ``(*sweep)``.

    Parameters
    ----------
    name : str
        ``"vision"``, ``"encoder"``, ``"prefill"``, ``"draft prefill"``, ``"draft"``, ``"decode"``, ``"denoising"`` or
        ``"step"``.
    time : float
        Time of one pass by the roofline [s].
    flops : float
        Work of one pass [FLOP].
    bytes : float
        Traffic of one pass [byte].
    steps : int
        Steps that it is the mean of [1].
    rates : Rates
        Its operators, and what the device makes of them.
    passes : Passes
        What it is the sum of.
    """

    name: str
    time: float
    flops: float
    bytes: float
    steps: int
    rates: Rates
    passes: Passes

    @cached_property
    def operators(self) -> OperatorTable:
        """Its operators, each with all its numbers."""
        values, times, shares = self.passes
        return OperatorTable(self.rates, np.add.reduce(values * shares, axis=1), np.add.reduce(times, axis=1))

    @property
    def pass_times(self) -> NDArray[np.float64]:
        """Time of each of its passes, times what that counts for, shape ``(pass, *sweep)`` [s]."""
        times: NDArray[np.float64] = np.tensordot(self.rates.structure.layers, self.passes.times, 1)
        return times

    def time_of(self, operator: str) -> float:
        """Time of one of its operators [s].

        Parameters
        ----------
        operator : str
            Its name.
        """
        return float(self.operators.time[self.operators.name.index(operator)])

    @cached_property
    def bound_shares(self) -> dict[str, Numbers]:
        """Share of the time spent in operators of each bound, ``"memory"``, ``"compute"`` and ``"link"`` [1]."""
        values, times, shares = self.passes
        compute, memory, link = self.rates.bounds(np.add.reduce(values * shares, axis=1))
        of_each = self.rates.structure.layers.reshape(-1, *(1,) * (memory.ndim - 1)) * np.add.reduce(times, axis=1)
        total = np.add.reduce(of_each)
        part = of_each / np.where(total > 0, total, 1.0)
        bound = binding(compute, memory, link)
        summed = {name: plain(np.add.reduce(part * (bound == at))) for at, name in enumerate(BINDING.tolist())}
        return {name: summed[name] for name in ("memory", "compute", "link")}

    @property
    def memory_bound_share(self) -> Numbers:
        """Share of the time spent in memory-bound operators, shape ``(*sweep)`` [1]."""
        return self.bound_shares["memory"]

    @property
    def bound(self) -> Numbers:
        """``"memory"``, ``"compute"`` or ``"link"``: what binds the operators that take most of the time."""
        names, shares = zip(*self.bound_shares.items(), strict=True)
        return plain(np.array(names)[np.argmax(shares, axis=0)])

    def __repr__(self) -> str:
        """One line."""
        return (
            f"Phase({self.name}: {quantity(self.time, 's')}, {quantity(self.flops, 'FLOP')}, "
            f"{quantity(self.bytes, 'B')}, {self.bound}-bound)"
        )
