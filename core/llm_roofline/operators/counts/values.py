"""Values of counts in steps, as one array."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..step import StepArrays
    from .base import Count


def values_of(step: StepArrays, counts: Sequence[Count]) -> NDArray[np.float64]:
    """Values of counts, shape ``(count, *sweep)`` [1].

    Parameters
    ----------
    step : Step
        The steps, as arrays.
    counts : sequence of Count
        Which counts, in which order.
    """
    values = np.empty((len(counts), *step.batch.shape))
    for place, count in enumerate(counts):
        values[place] = count.of(step)
    return values


def values_together(steps: Sequence[StepArrays], counts: Sequence[Count]) -> NDArray[np.float64]:
    """Values of counts in passes that run several steps at once, shape ``(count, *sweep)`` [1].

    Parameters
    ----------
    steps : sequence of Step
        What runs together, each of arrays of the same shape.
    counts : sequence of Count
        Which counts, in which order.
    """
    return np.array([count.together(steps) for count in counts])
