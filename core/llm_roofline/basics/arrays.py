"""Numbers that may be arrays: a point of a sweep is an array of none, and has Python's own numbers."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

Numbers: TypeAlias = Any
"""An int, a float, or an array of shape ``(*sweep)``."""


def plain(number: Numbers) -> Numbers:
    """The number as Python's own; an array of several as it is.

    Parameters
    ----------
    number : number or ndarray
        A number of Python or NumPy, or an array of shape ``(*sweep)`` [its own unit].
    """
    return number if getattr(number, "ndim", 1) else number.item()


def largest(a: Numbers, b: Numbers) -> Numbers:
    """The larger of two numbers, or of each pair of two arrays.

    Parameters
    ----------
    a, b : number or ndarray
        Both plain numbers, or any of them an array of shape ``(*sweep)`` [one unit].
    """
    return np.maximum(a, b) if isinstance(a, np.ndarray) or isinstance(b, np.ndarray) else max(a, b)


def whole(number: Numbers) -> Numbers:
    """The whole part of a number of at least 0, or of each of an array.

    Parameters
    ----------
    number : float or ndarray
        A number, or an array of shape ``(*sweep)`` [its own unit].
    """
    return number.astype(np.int64) if isinstance(number, np.ndarray) else int(number)
