"""Numbers that may be arrays: a point of a sweep is an array of none."""

from __future__ import annotations

from typing import Any


def plain(number: Any) -> Any:  # noqa: ANN401 - any number
    """The number as Python's own; an array of several as it is.

    Parameters
    ----------
    number : number or ndarray
        A number of Python or NumPy, or an array of shape ``(*sweep)``.
    """
    return number if getattr(number, "ndim", 1) else number.item()
