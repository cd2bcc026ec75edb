"""Labels of the points that take most of the time, placed so that nothing overlaps.

Placement is greedy, the largest share first. Names at the same spot share a label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .labels import GAP, LINE, PLOT, Label, half_width
from .points import radius

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from .axes import Axes
    from .points import Point

MOST_OF_THE_TIME, MOST_LABELS = 0.92, 8
MOST_NAMES, LONGEST = 3, 36  # names in one label, and its characters where it has several
SPOT = 4.0  # points this close share a label [px]
OUTSIDE, OVER_TEXT = 1e5, 1e3  # costs of a pixel over the edge, and of a square pixel of another text; of a point's: 1
UNREADABLE = 8 * OVER_TEXT  # cost from which on a label is better left out: eight square pixels of another text

_BESIDE, _ALONG, _ABOVE, _LINES = np.array(
    [
        place
        for far in range(4)
        for place in (
            (1.0, 0.0, 0.0, -far),
            (-1.0, 0.0, 0.0, far),
            (0.0, 0.6, -1.0, -1.4 * far),
            (0.0, -0.6, 1.0, 1.4 * far),
            (0.0, 0.0, -1.0, -1.4 * far),
            (0.0, 0.0, 1.0, 1.4 * far),
            (1.0, 0.0, -1.0, -1.4 * far),
            (-1.0, 0.0, 1.0, 1.4 * far),
            (1.0, 0.0, 0.0, 1.4 * far),
            (1.0, 0.0, 1.0, 1.4 * far),
            (-1.0, 0.0, -1.0, -1.4 * far),
            (0.0, -0.6, -1.0, -1.4 * far),
        )
    ]
).T
"""Places around a point: multiples of the reach beside it, of half a text, of the rise above it, and of a line."""


def place(points: Sequence[Point], on: Axes, taken: Sequence[Label] = ()) -> tuple[Label, ...]:
    """Labels of the points that make up most of the time.

    Parameters
    ----------
    points : sequence of Point
        The points.
    on : Axes
        The axes they are drawn on.
    taken : sequence of Label
        Texts that stand already, such as the names of roofs.
    """
    named = [(group[0], _text(group)) for group in _labelled(points, on)]
    if not named:
        return ()
    leads = _pixels([(p.x, p.y, half_width(text), radius(p.share)) for p, text in named], on)
    texts = [(t.x, t.y, half_width(t.text), LINE / 2, OVER_TEXT) for t in taken]
    discs = [(p.x, p.y, r, r, 1.0) for p in points for r in (radius(p.share),)]
    across, up = _places(leads[:, :, None])
    costs = np.hypot(across - leads[0, :, None], up - leads[1, :, None])
    costs += _cost(across, up, leads[2, :, None], _pixels(texts + discs, on))
    labels, kept = [], list[tuple[float, float, float]]()
    order = costs.argsort(axis=1, kind="stable")
    for (_, text), sequence, *columns in zip(named, *(a.tolist() for a in (order, costs, across, up)), strict=True):
        cost, x, y = columns
        cheapest = _cheapest(half_width(text), ((cost[i], x[i], y[i]) for i in sequence), kept)
        if cheapest is not None:
            kept.append(cheapest)
            right, top = cheapest[0] / PLOT[0], cheapest[1] / PLOT[1]
            labels.append(Label(text, on.x[0] + right * (on.x[1] - on.x[0]), on.y[0] + top * (on.y[1] - on.y[0])))
    return tuple(labels)


def _text(group: Sequence[Point]) -> str:
    """Names of the points of a group, the largest first."""
    names = list(dict.fromkeys(p.name.partition(" (")[0] for p in group))  # without the group of layers
    kept = names[:MOST_NAMES]
    while len(kept) > 1 and len(", ".join(kept)) > LONGEST:
        kept.pop()
    return ", ".join(kept) + (" …" if len(names) > len(kept) else "") + (" ▸" if group[0].clipped else "")


def _cheapest(
    half: float, places: Iterable[tuple[float, float, float]], kept: Sequence[tuple[float, float, float]]
) -> tuple[float, float, float] | None:
    """Place of a text among labels that stand already, and its half width, all in pixels; None where it has none.

    Places are a cost, which others can only raise, and a middle; the cheapest comes first.
    """
    least, best = UNREADABLE, None
    for cost, x, y in places:
        if cost >= least:
            break
        for other_x, other_y, other_half in kept:
            wide, high = half + other_half - abs(x - other_x), LINE - abs(y - other_y)
            if wide > 0 and high > 0:
                cost += OVER_TEXT * wide * high  # noqa: PLW2901 - it is dearer than it seemed
        if cost < least:
            least, best = cost, (x, y, half)
    return best


def _labelled(points: Sequence[Point], on: Axes) -> list[list[Point]]:
    """Points at the same spot together, largest share first, until most of the time is named."""
    grid = (on.x[1] - on.x[0]) / PLOT[0] * SPOT, (on.y[1] - on.y[0]) / PLOT[1] * SPOT
    spots: dict[tuple[int, int], list[Point]] = {}
    for point in points:
        spots.setdefault((round(point.x / grid[0]), round(point.y / grid[1])), []).append(point)
    groups = sorted(spots.values(), key=lambda group: -sum(p.share for p in group))
    total, chosen = 0.0, []
    for group in groups[:MOST_LABELS]:
        if total >= MOST_OF_THE_TIME * sum(p.share for p in points):
            break
        chosen.append(sorted(group, key=lambda p: -p.share))
        total += sum(p.share for p in group)
    return chosen


def _pixels(rows: Sequence[tuple[float, ...]], on: Axes) -> NDArray[np.float64]:
    """Columns of rows that begin with a point as drawn, which becomes one of the nominal plot [px]."""
    columns = np.array(rows, dtype=np.float64).T
    columns[0] = (columns[0] - on.x[0]) * (PLOT[0] / (on.x[1] - on.x[0]))
    columns[1] = (columns[1] - on.y[0]) * (PLOT[1] / (on.y[1] - on.y[0]))
    return columns


def _places(leads: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles of boxes around points, preferred and nearer first, shape ``(label, place)`` [px]."""
    x, y, half, size = leads
    across = x + _BESIDE * (size + GAP + half) + _ALONG * half
    up = y + _ABOVE * (size + GAP + LINE / 2) + _LINES * LINE
    return across, up


def _cost(
    across: NDArray[np.float64], up: NDArray[np.float64], half: NDArray[np.float64], stand: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Penalty of each place, for being cut off, over another text or over a point, shape ``(label, place)`` [1]."""
    x, y, wide, high, weight = stand
    shared = half[..., None] + wide - np.abs(across[..., None] - x)
    rise = LINE / 2 + high - np.abs(up[..., None] - y)
    shared = np.maximum(shared, 0.0, out=shared) * np.maximum(rise, 0.0, out=rise)
    outside = np.maximum(np.abs(across - PLOT[0] / 2) + (half - PLOT[0] / 2), 0.0)
    outside += np.maximum(np.abs(up - PLOT[1] / 2) + (LINE - PLOT[1]) / 2, 0.0)
    cost: NDArray[np.float64] = OUTSIDE * outside + shared @ weight
    return cost
