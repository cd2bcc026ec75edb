"""The decode steps of a generation, summed in closed form.

Between the widths of sliding windows every count is linear in the context, so every time is the maximum of three straight lines.
The sum over whole contexts falls into at most four stretches on which one line leads, and a straight line's sum over a stretch is
its value in the middle times the length. Imports NumPy.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .roofline import times, traffic
from .step import Step, features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .compile import Compiled
    from .roofline import Rates


class Sums(NamedTuple):
    """Sums over steps, of one layer.

    Parameters
    ----------
    features : ndarray
        Features of the steps, shape ``(feature,)`` [1].
    bounds : ndarray
        Sums of the matrix, vector and memory times, shape ``(3, op)`` [s].
    time : ndarray
        Sum of the times, shape ``(op,)`` [s].
    """

    features: NDArray[np.float64]
    bounds: NDArray[np.float64]
    time: NDArray[np.float64]


def decode_sums(structure: Compiled, given: Rates, batch: int, first: int, steps: int) -> Sums:
    """Sums over the decode steps at contexts ``first .. first + steps - 1``.

    Parameters
    ----------
    structure : Compiled
        The model.
    given : Rates
        The device.
    batch : int
        Sequences [1].
    first : int
        Context of the first step [token].
    steps : int
        Steps, at least 1 [1].
    """
    last = first + steps - 1
    windows = sorted({f.window for f in structure.features if f.window is not None and first <= f.window < last})
    starts = np.array([first, *(w + 1 for w in windows)])
    stops = np.array([*windows, last])
    lengths = (stops - starts + 1).astype(np.float64)
    ends = Step(batch, 1, np.stack((starts, stops), axis=-1))
    values = features(ends, structure.features)
    columns = structure.columns_of(values)
    lines = times(columns, traffic(columns, given), given).stacked
    return Sums(
        features=values.mean(axis=-1) @ lengths,
        bounds=lines.mean(axis=-1) @ lengths,
        time=sum_of_maximum(lines[..., 0], lines[..., 1], lengths).sum(axis=-1),
    )


def sum_of_maximum(
    start: NDArray[np.float64], stop: NDArray[np.float64], lengths: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sum, over the whole points of stretches, of the largest of several straight lines.

    Parameters
    ----------
    start, stop : ndarray
        Values of the lines at the first and the last point of each stretch, shape ``(line, op, stretch)`` [s].
    lengths : ndarray
        Points of each stretch, shape ``(stretch,)`` [1].
    """
    slope = (stop - start) / np.maximum(lengths - 1, 1)
    crossings = []
    for i, j in combinations(range(len(start)), 2):
        steeper = slope[j] - slope[i]
        meets = np.divide(start[i] - start[j], steeper, out=np.zeros_like(steeper), where=steeper != 0)
        crossings.append(np.ceil(np.clip(meets, 0, lengths)))
    zero = np.zeros_like(slope[0])
    edges = np.sort(np.stack([zero, *crossings, zero + lengths]), axis=0)
    counts = np.diff(edges, axis=0)
    middle = (edges[:-1] + edges[1:] - 1) / 2
    leading = (start[:, None] + slope[:, None] * middle).max(axis=0)
    return (counts * leading).sum(axis=0)
