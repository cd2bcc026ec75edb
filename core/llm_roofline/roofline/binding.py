"""What binds an operator: the longest of what its work, its traffic and its messages take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINDING = np.array(("compute", "memory", "link"))
"""The bounds, in the order of the places that :func:`binding` returns."""
LEVEL = 1 + 1e-12
"""Times within it are level: they differ by what sums and products in another order are rounded to."""


def binding(compute: NDArray[np.float64], memory: NDArray[np.float64], link: NDArray[np.float64]) -> NDArray[np.intp]:
    """Places in :data:`BINDING` of what takes the longest, the earlier one where two are level, shape as the times [1].

    Parameters
    ----------
    compute, memory, link : ndarray
        Times of operators, shape ``(op, *sweep)`` [s].
    """
    by_memory = memory > compute * LEVEL
    longest = np.where(by_memory, memory, compute)
    return np.where(link > longest * LEVEL, 2, by_memory)
