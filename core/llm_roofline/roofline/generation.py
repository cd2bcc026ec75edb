"""The decode steps of a generation, summed in closed form.

Between the widths of sliding windows every count is linear in the context, so every time is the maximum of four
straight lines. The sum over whole contexts falls into at most four stretches on which one line leads, and a straight
line's sum over a stretch is its value in the middle times the length. Imports NumPy.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..basics import Numbers

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
    shares : list
        Share of all steps that what is linear in the context stands for at each of these contexts, half of that of the
        stretch, each a number or an array of shape ``(*sweep)`` [1].
    """

    contexts: list[Numbers]
    shares: list[Numbers]


def stretches(structure: Compiled, first: Numbers, steps: Numbers, query: int = 1) -> Stretches:
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
        half = steps / steps / 2  # of every generation, in the shape of their steps
        return Stretches([first, last], [half] * 2)
    contexts, shares = [], []
    for before, bend in pairwise([least - 1, *bends, most]):
        low, high = np.maximum(first, before + 1), np.minimum(last, bend)
        shares += [np.maximum(high - low + 1, 0) / 2 / steps] * 2
        contexts += [np.minimum(low, last), np.maximum(high, first)]  # of an empty stretch, anything
    return Stretches(contexts, shares)


def take_over(
    times: NDArray[np.float64], lines: NDArray[np.float64], shares: NDArray[np.float64], steps: Numbers
) -> None:
    """Correct the mean over stretches on which one straight line takes over from another as the largest.

    Of straight lines, one that is the largest at both ends is the largest all along, and its sum is the mean of both
    ends times the length.

    Parameters
    ----------
    times : ndarray
        Largest line at each end times its share, shape ``(op, 2 stretch, *sweep)`` [s]; corrected in place.
    lines : ndarray
        The lines there, shape ``(line, op, 2 stretch, *sweep)`` [s].
    shares : ndarray
        As of :class:`Stretches`, shape ``(2 stretch, *sweep)`` [1].
    steps : int or ndarray
        All steps, shape ``(*sweep)`` [1].
    """
    leading = lines.argmax(axis=0)
    crossed = leading[:, ::2] != leading[:, 1::2]
    if np.count_nonzero(crossed):
        of_all = np.broadcast_to(steps, crossed.shape)[crossed]
        lengths = np.round(np.broadcast_to(2 * shares[::2], crossed.shape)[crossed] * of_all)
        start, stop = lines[:, :, ::2][:, crossed], lines[:, :, 1::2][:, crossed]
        times[:, ::2][crossed] = _sum_over_crossings(start, stop, lengths) / of_all
        times[:, 1::2][crossed] = 0.0


def _sum_over_crossings(
    start: NDArray[np.float64], stop: NDArray[np.float64], lengths: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sum over the whole points of stretches on which one line takes over from another, part by part [s]."""
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
