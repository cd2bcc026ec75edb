"""Ghosts: where the points were before a technique was switched, and arrows from there to where they are now."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ..estimates import shown
from .labels import PLOT
from .points import points, radius

if TYPE_CHECKING:
    from ..estimates import Estimate
    from .axes import Axes
    from .points import Point

NEAR = 6.0  # a point that has moved less stands where it stood [px]
BARB, SPREAD = 7.0, math.radians(28)  # length of an arrow's barbs [px], and their angle to it
ASIDE = 9.0  # from the straight way, which often is the roof itself [px]


class Ghost(NamedTuple):
    """A point of before.

    Parameters
    ----------
    name, bound : str
        Operator, and what bound it.
    x, y : float
        Its place [as drawn].
    share : float
        Its share of the time then [1].
    arrow : tuple of tuple
        Corners of an arrow to where it is now, as drawn; empty where it is no more.
    """

    name: str
    bound: str
    x: float
    y: float
    share: float
    arrow: tuple[tuple[float, float], ...]


def ghosts(before: Estimate | None, now: Estimate, phase: str, on: Axes) -> tuple[Ghost, ...]:
    """Points of before that have moved or gone.

    Parameters
    ----------
    before : Estimate or None
        What was shown before; None where nothing was switched.
    now : Estimate
        What is shown.
    phase : str
        One of :data:`llm_roofline.charts.points.PHASES`.
    on : Axes
        The axes to draw on.
    """
    if before is None or phase not in {*(p.name for p in before.phases), "generate", "decode", "prefill"}:
        return ()
    passes = {part.key for part in shown(now, phase)}
    there = {(point.phase, point.name): point for point in points(now, phase, on)}
    moved = []
    for point in points(before, phase, on):
        if point.phase not in passes:
            continue
        other = there.get((point.phase, point.name))
        if other is None:
            moved.append(Ghost(point.name, point.bound, point.x, point.y, point.share, ()))
        elif arrow := _arrow(point, other, on):
            moved.append(Ghost(point.name, point.bound, point.x, point.y, point.share, arrow))
    return tuple(moved)


def _arrow(start: Point, end: Point, on: Axes) -> tuple[tuple[float, float], ...]:
    """Corners of an arrow beside the way from start to end, and both its barbs; none where they are too near."""
    scale = PLOT[0] / (on.x[1] - on.x[0]), PLOT[1] / (on.y[1] - on.y[0])
    across, up = (end.x - start.x) * scale[0], (end.y - start.y) * scale[1]
    length, angle = math.hypot(across, up), math.atan2(up, across)
    if length - radius(end.share) < NEAR:
        return ()
    side = angle - math.pi / 2 if across >= 0 else angle + math.pi / 2  # below, where no roof is

    def at(along: float, turned: float = 0.0, further: float = 0.0) -> tuple[float, float]:
        x = along * across + ASIDE * math.cos(side) + further * math.cos(turned)
        y = along * up + ASIDE * math.sin(side) + further * math.sin(turned)
        return start.x + x / scale[0], start.y + y / scale[1]

    left, right = (at(1.0, angle + math.pi + turn, BARB) for turn in (SPREAD, -SPREAD))
    return at(0.0), at(1.0), left, at(1.0), right
