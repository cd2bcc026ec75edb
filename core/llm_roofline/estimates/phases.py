"""Passes of a run become phases: one product with their counts for all of them."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..basics import Numbers, plain
from ..roofline import take_over
from .phase import Passes, Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..roofline import Rates


class Part(NamedTuple):
    """The passes of which a phase is made.

    Parameters
    ----------
    name : str
        Its name.
    shares : list
        What each of its passes counts for, each a number or an array of shape ``(*sweep)`` [1].
    steps : int or ndarray
        Steps that it is the mean of, shape ``(*sweep)`` [1]; 1 for a sum.
    is_generation : bool
        Whether its passes begin and end stretches of steps.
    """

    name: str
    shares: list[Numbers]
    steps: Numbers
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
    shares = np.array([share for part in parts for share in part.shares], dtype=np.float64)
    lines, totals = rates.bounds_and_totals(values)
    times = np.maximum.reduce(lines, axis=0)
    times *= shares
    ends = [*accumulate(len(part.shares) for part in parts)]
    places = [slice(end - len(part.shares), end) for part, end in zip(parts, ends, strict=True)]
    for part, place in zip(parts, places, strict=True):
        if part.is_generation:
            take_over(times[:, place], lines[:, :, place], shares[place], part.steps)
    figures = np.empty((3, *shares.shape))
    figures[0] = (rates.structure.layers @ times.reshape(len(times), -1)).reshape(shares.shape)
    np.multiply(totals, shares, out=figures[1:])
    ordered = []
    for part, place in zip(parts, places, strict=True):
        time, flops, moved = (plain(total) for total in np.add.reduce(figures[:, place], axis=1))
        passes = Passes(values[:, place], times[:, place], shares[place])
        ordered.append(Phase(part.name, time, flops, moved, part.steps, rates, passes))
    return ordered
