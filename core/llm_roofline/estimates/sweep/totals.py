"""Totals of a run's passes: the arithmetic of an evaluation, summed over the operators, on many passes at once.

A sweep asks for no operator by itself. So FLOP and traffic of all of them are one row of coefficients, and only the
times, of which each operator has a largest, are computed operator by operator. Imports NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...operators.step import values_of
from ...roofline.generation import sum_of_maximum
from ...roofline.rates import BOUNDS, BYTES, MOVED, WORK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...operators.counts import Shape
    from ...serving.plan import Run

WRITTEN = BYTES.index("activation_write_bytes")


@dataclass(frozen=True, eq=False)
class Totals:
    """Rows of coefficients by feature, over all layers.

    Parameters
    ----------
    run : Run
        What the passes run.
    """

    run: Run

    @cached_property
    def _products(self) -> NDArray[np.float64]:
        """Work, traffic and times by feature, shape ``(row, op, feature)`` [FLOP, byte or s]."""
        products: NDArray[np.float64] = self.run.rates.products * self.run.structure.layers[:, None]
        return products

    @cached_property
    def _bounds(self) -> NDArray[np.float64]:
        """Times of the bounds that any operator has, shape ``(bound, op, feature)`` [s]."""
        bounds = self._products[BOUNDS]
        own: NDArray[np.float64] = bounds[bounds.any(axis=(1, 2))]
        return own

    @cached_property
    def _sums(self) -> NDArray[np.float64]:
        """FLOP and bytes of all operators, shape ``(2, feature)`` [FLOP or byte]."""
        return np.stack([self._products[rows].sum(axis=(0, 1)) for rows in (WORK, MOVED)])

    @cached_property
    def _live(self) -> NDArray[np.float64]:
        """Results alive while each operator runs, shape ``(op, feature)`` [byte]."""
        live: NDArray[np.float64] = self.run.structure.live @ self.run.rates.products[MOVED][WRITTEN]
        return live

    @cached_property
    def _kept(self) -> NDArray[np.float64]:
        """Keys, values and states of a sequence, shape ``(feature,)`` [byte]."""
        storage, kept = self.run.rates.storage, self.run.structure.kept
        return sum((storage[kind] * terms for kind, terms in kept.items()), np.zeros(len(self.run.structure.features)))

    def values(self, shape: Shape) -> NDArray[np.float64]:
        """Features of passes, shape ``(feature, pass)`` [1].

        Parameters
        ----------
        shape : Shape
            Passes, fields of shape ``(pass,)``.
        """
        return values_of(shape, self.run.structure.features)

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """FLOP and bytes of passes, shape ``(2, pass)`` [FLOP or byte]."""
        sums: NDArray[np.float64] = self._sums @ values
        return sums

    def lines(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Times of passes by bound and operator, shape ``(bound, op, pass)`` [s]."""
        bounds = self._bounds
        lines: NDArray[np.float64] = bounds.reshape(-1, bounds.shape[-1]) @ values
        return lines.reshape(*bounds.shape[:2], -1)

    def time(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Time of passes, shape ``(pass,)`` [s]."""
        time: NDArray[np.float64] = self.lines(values).max(axis=0).sum(axis=0)
        return time

    def time_between(
        self, start: NDArray[np.float64], stop: NDArray[np.float64], lengths: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Time of whole stretches of steps, given the features at both ends, shape ``(pass,)`` [s]."""
        time: NDArray[np.float64] = sum_of_maximum(self.lines(start), self.lines(stop), lengths).sum(axis=0)
        return time

    def live(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Largest set of results that are alive at once, shape ``(pass,)`` [byte]."""
        live: NDArray[np.float64] = (self._live @ values).max(axis=0)
        return live

    def kept(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Keys, values and states of a sequence, shape ``(pass,)`` [byte]."""
        kept: NDArray[np.float64] = self._kept @ values
        return kept
