"""Badges: numbered discs beside what they are about, as plain values that a picture draws."""

from __future__ import annotations

from typing import NamedTuple

SIZE = 8.0  # radius of a badge [px]


class Badge(NamedTuple):
    """The findings that are pinned to one place.

    Parameters
    ----------
    text : str
        The number of the first, and a plus where there are more.
    x, y : float
        Middle of the badge [as drawn].
    here : bool
        Whether one of them was written in the state that is shown.
    finding : str
        Identifier of the first.
    frame : tuple of tuple
        Corners of the region that it is pinned to, as drawn; empty where it is none.
    """

    text: str
    x: float
    y: float
    here: bool
    finding: str
    frame: tuple[tuple[float, float], ...] = ()


class BarBadge(NamedTuple):
    """The badge of a bar.

    Parameters
    ----------
    text : str
        The number of the first finding, and a plus where there are more; empty for none.
    here : bool
        Whether one of them was written in the state that is shown.
    finding : str
        Identifier of the first.
    """

    text: str
    here: bool
    finding: str
