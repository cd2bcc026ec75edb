"""The decode steps of a generation, summed in closed form.

Between the widths of sliding windows every count is linear in the context, so every time is the maximum of four
straight lines. The sum over whole contexts falls into at most four stretches on which one line leads, and a straight
line's sum over a stretch is its value in the middle times the length. Imports NumPy.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .compile import Compiled


class Sums(NamedTuple):
    """Sums over steps, of one layer.

    Parameters
    ----------
    features : ndarray
        Features of the steps, shape ``(feature,)`` [1].
    time : ndarray
        Sum of the times, shape ``(op,)`` [s].
    """

    features: NDArray[np.float64]
    time: NDArray[np.float64]


def stretches(structure: Compiled, first: int, steps: int, query: int = 1) -> NDArray[np.int64]:
    """Contexts at both ends of each stretch of decode steps without a bend, shape ``(stretch, 2)`` [token].

    Parameters
    ----------
    structure : Compiled
        The model.
    first : int
        Context of the first step [token].
    steps : int
        Steps, at least 1 [1].
    query : int
        New tokens of each step [token].
    """
    last = first + steps - 1
    bends = sorted({context for feature in structure.features for context in feature.bends(first, last, query)})
    return np.array([[first, *(context + 1 for context in bends)], [*bends, last]]).T


def decode_sums(values: NDArray[np.float64], lines: NDArray[np.float64], ends: NDArray[np.int64]) -> Sums:
    """Sums over all decode steps, given what they have at the ends of stretches.

    Parameters
    ----------
    values : ndarray
        Features, shape ``(feature, stretch, 2)`` [1].
    lines : ndarray
        Matrix, vector, memory and link times, shape ``(4, op, stretch, 2)`` [s].
    ends : ndarray
        Contexts of :func:`stretches`, shape ``(stretch, 2)`` [token].
    """
    lengths = (ends[:, 1] - ends[:, 0] + 1).astype(np.float64)
    return Sums(
        features=(values[..., 0] + values[..., 1]) @ (lengths / 2),
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
    # Of straight lines, one that is the largest at both ends is the largest all along.
    total: NDArray[np.float64] = (start.max(axis=0) + stop.max(axis=0)) * (lengths / 2)
    crossed = start.argmax(axis=0) != stop.argmax(axis=0)
    if crossed.any():
        whole = np.broadcast_to(lengths, total.shape)
        total[crossed] = _sum_over_crossings(start[:, crossed], stop[:, crossed], whole[crossed])
    return total


def _sum_over_crossings(
    start: NDArray[np.float64], stop: NDArray[np.float64], lengths: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The same where one line takes over from another, part by part."""
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
    total: NDArray[np.float64] = (counts * leading).sum(axis=0)
    return total
