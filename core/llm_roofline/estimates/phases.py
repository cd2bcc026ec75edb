"""Passes of a run become phases: one product with their counts for all of them."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..roofline.generation import take_over
from .phase import Passes, Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..roofline.rates import Rates


class Part(NamedTuple):
    """Which passes make a phase.

    Parameters
    ----------
    name : str
        Its name.
    weights : list
        Passes that each of its passes stands for, each a number or an array of shape ``(*sweep)`` [1].
    steps : int or ndarray
        Steps that it is the mean of, shape ``(*sweep)`` [1]; 1 for a sum.
    is_generation : bool
        Whether its passes begin and end stretches of steps.
    """

    name: str
    weights: list[Any]
    steps: Any
    is_generation: bool = False


def phases(rates: Rates, values: NDArray[np.float64], parts: Sequence[Part]) -> list[Phase]:
    """The phases that passes make.

    Parameters
    ----------
    rates : Rates
        What runs.
    values : ndarray
        Counts of the passes, those of one phase behind those of the other, shape ``(count, pass, *sweep)`` [1].
    parts : sequence of Part
        The phases, whose passes are all of these.
    """
    weights = np.array([weight for part in parts for weight in part.weights], dtype=np.float64)
    lines, totals = rates.bounds_and_totals(values)
    times = np.maximum.reduce(lines, axis=0) * weights
    ends = [*accumulate(len(part.weights) for part in parts)]
    places = [slice(end - len(part.weights), end) for part, end in zip(parts, ends, strict=True)]
    for part, place in zip(parts, places, strict=True):
        if part.is_generation:
            take_over(times[:, place], lines[:, :, place], weights[place])
    sums = np.concatenate(
        ((rates.structure.layers @ times.reshape(len(times), -1)).reshape(1, *times.shape[1:]), totals * weights)
    )
    mean = np.add.reduceat(sums, [0, *ends[:-1]], axis=1) / np.array([part.steps for part in parts], dtype=np.float64)
    figures = mean.swapaxes(0, 1)
    rows = figures.tolist() if mean.ndim == 2 else figures  # noqa: PLR2004 - of one workload, Python's own numbers
    return [
        Phase(part.name, *row, part.steps, rates, Passes(values[:, place], times[:, place], weights[place]))
        for part, place, row in zip(parts, places, rows, strict=True)
    ]
