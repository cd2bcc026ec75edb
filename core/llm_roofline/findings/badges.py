"""Badges of findings: where the numbers of findings stand in a picture."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING

from ..charts import PLOT, SIZE, Badge, BarBadge, axes_of, picture, points, radius, roofs
from ..estimates import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..charts import Axes
    from ..estimates import Estimate
    from .index import Numbered
    from .pin import Pin

GAP = 1.0  # between a point and its badge [px]
MOST = 24  # badges of a picture; the list has them all


def picture_with_badges(
    estimate: Estimate, phase: str, findings: Sequence[Numbered], *, linear_axes: bool = False
) -> str:
    """SVG of an estimate with the badges of findings.

    Parameters
    ----------
    estimate : Estimate
        What it shows.
    phase : str
        One of :data:`llm_roofline.estimates.shown.PHASES`.
    findings : sequence of Numbered
        Findings about the model that is shown.
    linear_axes : bool
        Linear axes of the roofline instead of logarithmic ones.
    """
    parts = shown(estimate, phase)
    on = axes_of(estimate, phase, linear=linear_axes)
    return picture(
        estimate,
        phase,
        on,
        badges=badges(findings, estimate, phase, on),
        bar_badges=bar_badges(findings, [part.key for part in parts]),
    )


def badges(findings: Iterable[Numbered], estimate: Estimate, phase: str, on: Axes) -> tuple[Badge, ...]:
    """Badges on a roofline: beside points and the ridge point, at the corner of a region, and of the plot for a state.

    Parameters
    ----------
    findings : iterable of Numbered
        Findings about the model that is shown.
    estimate : Estimate
        The estimate.
    phase : str
        One of :data:`llm_roofline.estimates.shown.PHASES`.
    on : Axes
        The axes to draw on.
    """
    places = _Places(estimate, phase, on)
    spots: dict[tuple[float, float], list[Numbered]] = {}
    for numbered in findings:
        with suppress(ArithmeticError, ValueError, LookupError):  # whose place cannot be worked out has no badge
            if at := places.of(numbered.finding.pin):
                spots.setdefault(at, []).append(numbered)
    placed = [_badge(at, group, on) for at, group in spots.items()]
    return tuple(sorted(placed, key=lambda badge: not badge.here)[:MOST])


def bar_badges(findings: Iterable[Numbered], passes: Iterable[str]) -> tuple[BarBadge, ...]:
    """Text of the badge of each bar, whether one of its findings is of this state, and the first one's identifier.

    Parameters
    ----------
    findings : iterable of Numbered
        Findings about the model that is shown.
    passes : iterable of str
        Pass of each bar.
    """
    pinned = [numbered for numbered in findings if numbered.finding.pin.kind == "phase"]
    return tuple(_told([n for n in pinned if n.finding.pin.phase == one]) for one in passes)


class _Places:
    """Places of pins in a picture, [px] taken for the smallest plot."""

    def __init__(self, estimate: Estimate, phase: str, on: Axes) -> None:
        self._on = on
        self._parts = {part.key: part.phase for part in shown(estimate, phase)}
        tables = [part.operators for part in self._parts.values()]
        self._points = {(p.phase, p.name): p for p in points(estimate, phase, on)}
        self._ridge = next((r for r in roofs(tables, on) if r.active), None)

    def of(self, pin: Pin) -> tuple[float, float] | None:
        """Middle of the badge; None where the picture does not show what is pinned to."""
        if pin.kind == "state":
            return self._beside(self._on.x[0], self._on.y[1], 1.8 * SIZE, -1.8 * SIZE)
        if pin.phase not in self._parts:
            return None
        if pin.kind == "region":
            left, *_, high = _drawn(pin, self._on)
            return self._beside(left, high, SIZE, -SIZE)
        if pin.kind == "crossing" and self._ridge:
            return self._beside(float(self._ridge.x[1]), float(self._ridge.y[1]), -1.6 * SIZE, SIZE)
        point = self._points.get((pin.phase, pin.operator))
        if point is None:
            return None
        aside = (radius(point.share) + SIZE + GAP) / math.sqrt(2)
        return self._beside(point.x, point.y, aside, aside)

    def _beside(self, x: float, y: float, across: float, up: float) -> tuple[float, float]:
        on = self._on
        return x + across * (on.x[1] - on.x[0]) / PLOT[0], y + up * (on.y[1] - on.y[0]) / PLOT[1]


def _badge(at: tuple[float, float], group: list[Numbered], on: Axes) -> Badge:
    text, here, first = _told(group)
    pin = next((n.finding.pin for n in group if n.finding.pin.kind == "region"), None)
    return Badge(text, *at, here, first, tuple(_corners(pin, on)) if pin else ())


def _told(group: list[Numbered]) -> BarBadge:
    """Text, whether one is of this state, and the first one's identifier; those of this state come first."""
    if not group:
        return BarBadge("", here=False, finding="")
    first = min(group, key=lambda n: (not n.here, n.number))
    return BarBadge(f"{first.number}{'+' if len(group) > 1 else ''}", first.here, first.finding.id)


def _drawn(pin: Pin, on: Axes) -> tuple[float, float, float, float]:
    """Edges of a region, as drawn and within the axes: left, right, low, high."""
    x, y = on.inside(on.drawn(pin.region[:2]), on.drawn(pin.region[2:]))
    return float(x[0]), float(x[1]), float(y[0]), float(y[1])


def _corners(pin: Pin, on: Axes) -> Iterator[tuple[float, float]]:
    left, right, low, high = _drawn(pin, on)
    yield from ((left, low), (right, low), (right, high), (left, high), (left, low))
