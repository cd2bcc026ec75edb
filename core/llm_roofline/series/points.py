"""The operators as points on the roofline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..estimate import Estimate, Phase
    from .axes import Axes

PHASES = ("prefill", "decode", "generate")
"""What a picture can show: one pass, the mean decode step, or a whole generation."""


@dataclass(frozen=True, slots=True)
class Point:
    """An operator, as drawn.

    Parameters
    ----------
    name, kind, phase, bound : str
        Operator, its kind, its phase, and what binds it.
    x, y : float
        Intensity and performance as drawn, moved to the edge where they lie outside the axes.
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


def shown(estimate: Estimate, phase: str) -> tuple[tuple[Phase, int], ...]:
    """Phases that a picture shows, each with how often it runs."""
    if phase == "generate":
        return (estimate.prefill, 1), (estimate.decode, estimate.scenario.workload.decode_steps)
    return ((getattr(estimate, phase), 1),)


def points(estimate: Estimate, phase: str, on: Axes) -> tuple[Point, ...]:
    """Points of a phase, one an operator that computes anything, the largest first, so that none hides a smaller one.

    A generation has those of both phases.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    phase : str
        One of :data:`PHASES`.
    on : Axes
        The axes to draw on.
    """
    parts = shown(estimate, phase)
    total = sum(times * part.time for part, times in parts)
    found = []
    for part, times in parts:
        table = part.operators
        x, y = on.drawn(table.arithmetic_intensity), on.drawn(table.achieved_flops_per_s)
        inside_x, inside_y = on.inside(x, y)
        for i, name in enumerate(table.name):
            if table.flops[i] > 0:
                clipped = bool(inside_x[i] != x[i] or inside_y[i] != y[i])
                share = times * float(table.time[i]) / total
                at = float(inside_x[i]), float(inside_y[i])
                found.append(Point(name, table.kind[i], part.name, str(table.bound[i]), *at, share, clipped))
    return tuple(sorted(found, key=lambda point: -point.share))


def without_work(estimate: Estimate, phase: str) -> tuple[str, ...]:
    """Names of the operators that compute nothing and so have no place on a roofline."""
    table = shown(estimate, phase)[0][0].operators
    return tuple(name for name, flops in zip(table.name, table.flops, strict=True) if flops == 0)
