"""The decode steps of a generation, summed in closed form.

Between the widths of sliding windows every count is linear in the context, so every time is the maximum of four
straight lines. The sum over whole contexts falls into at most four stretches on which one line leads, and a straight
line's sum over a stretch is its value in the middle times the length. Imports NumPy.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .compile import Compiled


class Stretches(NamedTuple):
    """Decode steps in stretches without a bend.

    Parameters
    ----------
    contexts : list
        Contexts of the first and the last step of each stretch, one stretch after the other, each a number or an array
        of shape ``(*sweep)`` [token].
    lengths : ndarray
        Steps of each stretch, shape ``(stretch, *sweep)`` [1].
    """

    contexts: list[Any]
    lengths: NDArray[np.float64]


def stretches(structure: Compiled, first: Any, steps: Any, query: int = 1) -> Stretches:  # noqa: ANN401 - an int, or an array
    """Stretches of a generation; of many generations the bends of all part each of them.

    Parameters
    ----------
    structure : Compiled
        The operators.
    first : int or ndarray
        Context of the first step, shape ``(*sweep)`` [token].
    steps : int or ndarray
        Steps, at least 1, shape ``(*sweep)`` [1].
    query : int
        New tokens of each step [token].
    """
    last = first + steps - 1
    least, most = (first, last) if isinstance(last, int) else (int(np.min(first)), int(np.max(last)))
    bends = structure.bends(least, most, query)
    if not bends:
        return Stretches([first, last], np.array([steps], dtype=np.float64))
    contexts, lengths = [], []
    for before, bend in pairwise([least - 1, *bends, most]):
        low, high = np.maximum(first, before + 1), np.minimum(last, bend)
        lengths.append(np.maximum(high - low + 1, 0))
        contexts += [np.minimum(low, last), np.maximum(high, first)]  # of an empty stretch, anything
    return Stretches(contexts, np.array(lengths, dtype=np.float64))


def mean_counts(values: NDArray[np.float64], lengths: NDArray[np.float64], steps: Any) -> NDArray[np.float64]:  # noqa: ANN401 - as above
    """Mean of what is linear in the context, over all steps, shape ``(count, *sweep)`` [1].

    Parameters
    ----------
    values : ndarray
        Values at both ends of each stretch, shape ``(count, 2 stretch, *sweep)`` [1].
    lengths : ndarray
        Steps of each stretch, shape ``(stretch, *sweep)`` [1].
    steps : int or ndarray
        All steps, shape ``(*sweep)`` [1].
    """
    both = values[:, ::2] + values[:, 1::2]
    mean: NDArray[np.float64] = np.add.reduce(both * (lengths / 2), axis=1) / steps
    return mean


def mean_time(lines: NDArray[np.float64], lengths: NDArray[np.float64], steps: Any) -> NDArray[np.float64]:  # noqa: ANN401 - as above
    """Mean over all steps of the largest of several straight lines, shape ``(op, *sweep)`` [s].

    Parameters
    ----------
    lines : ndarray
        Times at both ends of each stretch, shape ``(bound, op, 2 stretch, *sweep)`` [s].
    lengths : ndarray
        Steps of each stretch, shape ``(stretch, *sweep)`` [1].
    steps : int or ndarray
        All steps, shape ``(*sweep)`` [1].
    """
    total = sum_of_maximum(lines[:, :, ::2], lines[:, :, 1::2], lengths)
    mean: NDArray[np.float64] = np.add.reduce(total, axis=1) / steps
    return mean


def sum_of_maximum(
    start: NDArray[np.float64], stop: NDArray[np.float64], lengths: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sum, over the whole points of stretches, of the largest of several straight lines.

    Parameters
    ----------
    start, stop : ndarray
        Values of the lines at the first and the last point of each stretch, shape ``(line, op, stretch, *sweep)`` [s].
    lengths : ndarray
        Points of each stretch, shape ``(stretch, *sweep)`` [1].
    """
    # Of straight lines, one that is the largest at both ends is the largest all along.
    ends = np.maximum.reduce(start, axis=0) + np.maximum.reduce(stop, axis=0)
    total: NDArray[np.float64] = ends * (lengths / 2)
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
