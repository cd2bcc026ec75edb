"""The operators as points on the roofline."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ..estimates import shown

if TYPE_CHECKING:
    from ..estimates import Estimate
    from .axes import Axes


class Point(NamedTuple):
    """An operator, as drawn.

    Parameters
    ----------
    name, kind, phase, bound : str
        Operator, its kind, its phase, and what binds it.
    x, y : float
        Intensity and performance, moved to the edge where they lie outside the axes [as drawn].
    share : float
        Share of the time that is shown [1].
    clipped : bool
        Whether it was moved to the edge.
    """

    name: str
    kind: str
    phase: str
    bound: str
    x: float
    y: float
    share: float
    clipped: bool


def radius(share: float) -> float:
    """Radius of the disc of a share, its area in proportion [px].

    Parameters
    ----------
    share : float
        Share of the time [1].
    """
    return max(3.0, 26.0 * math.sqrt(share))


def points(estimate: Estimate, phase: str, on: Axes) -> tuple[Point, ...]:
    """Points of a phase, one an operator that computes anything, the largest first, so that none hides a smaller one.

    A generation has those of all its passes.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    phase : str
        One of :data:`llm_roofline.estimates.shown.PHASES`.
    on : Axes
        The axes to draw on.
    """
    parts = shown(estimate, phase)
    total = sum(times * part.time for _, part, times in parts)
    placed = []
    for key, part, times in parts:
        table = part.operators
        x, y = on.drawn(table.arithmetic_intensity), on.drawn(table.achieved_flops_per_s)
        at_x, at_y = on.inside(x, y)
        columns = table.bound, at_x, at_y, table.time * (times / total), (at_x != x) | (at_y != y), table.flops > 0
        for name, kind, *row, works in zip(table.name, table.kind, *(c.tolist() for c in columns), strict=True):
            if works:
                placed.append(Point(name, kind, key, *row))
    return tuple(sorted(placed, key=lambda point: -point.share))


def without_work(estimate: Estimate, phase: str) -> tuple[str, ...]:
    """Names of the operators that compute nothing and so have no place on a roofline.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    phase : str
        One of :data:`llm_roofline.estimates.shown.PHASES`.
    """
    tables = [part.phase.operators for part in shown(estimate, phase)]
    names = (name for table in tables for name, flops in zip(table.name, table.flops, strict=True) if flops == 0)
    return tuple(dict.fromkeys(names))
