"""Labels of the points that take most of the time, placed so that nothing overlaps.

Placement is greedy on a plot of a nominal size in pixels; on a larger one the same places lie farther apart. Names at
the same spot share a label.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..units import significant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .axes import Axes
    from .points import Point
    from .roofs import Roof

PLOT = (480.0, 320.0)  # smallest plot that a board draws, without its margins [px]
CHARACTER, LINE = 5.8, 13.0  # size of a character of 11 px type [px]
MOST_OF_THE_TIME, MOST_LABELS = 0.92, 8
MOST_NAMES = 3  # in one label
SPOT = 4.0  # points this close share a label [px]
OUTSIDE, OVER_TEXT = 1e5, 1e3  # costs of a pixel over the edge, and of a square pixel of another text; of a point's: 1
GAP = 4.0  # between a point and its label [px]


_SHIFTS = np.array(
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
        )
    ]
)
"""Places around a point: multiples of the reach beside it, of half a text, of the rise above it, and of a line."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text and the middle of its box, as drawn.

    Parameters
    ----------
    text : str
        What it says.
    x, y : float
        Middle of its box, as drawn.
    """

    text: str
    x: float
    y: float


def radius(share: float) -> float:
    """Radius of the disc of a share, its area in proportion [px]."""
    return max(3.0, 26.0 * math.sqrt(share))


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
    origin = np.array([on.x[0], on.y[0]])
    scale = np.array([PLOT[0] / (on.x[1] - on.x[0]), PLOT[1] / (on.y[1] - on.y[0])])
    sizes = [radius(p.share) for p in points]
    discs = np.array([(p.x, p.y, r, r) for p, r in zip(points, sizes, strict=True)], dtype=np.float64).reshape(-1, 4)
    boxes = np.array([(t.x, t.y, _half(t.text), LINE / 2) for t in taken], dtype=np.float64).reshape(-1, 4)
    for standing in (discs, boxes):
        standing[:, :2] = (standing[:, :2] - origin) * scale
    named = [(group[0], _text(group)) for group in _labelled(points, on)]
    if not named:
        return ()
    leads = np.array([(p.x, p.y, _half(text), radius(p.share)) for p, text in named])
    leads[:, :2] = (leads[:, :2] - origin) * scale
    places = _places(leads)
    far = np.hypot(*np.moveaxis(places[..., :2] - leads[:, None, :2], -1, 0))
    costs = _cost(places, boxes, discs) + far
    kept, standing_texts = [], boxes
    for (_, text), own, cost in zip(named, places, costs, strict=True):
        over = _overlap(own, standing_texts)
        best = int(np.argmin(cost + OVER_TEXT * over))
        if over[best] <= LINE and cost[best] < OUTSIDE / 2:  # a label without a free place is left out
            kept.append((text, own[best, :2] / scale + origin))
            standing_texts = np.vstack((standing_texts, own[best]))
    return tuple(Label(text, float(x), float(y)) for text, (x, y) in kept)


def _text(group: Sequence[Point]) -> str:
    """Names of the points of a group, the largest first."""
    names = list(dict.fromkeys(p.name.partition(" (")[0] for p in group))  # without the group of layers
    shown = ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")
    return shown + (" ▸" if group[0].clipped else "")


def roof_texts(lines: Sequence[Roof], on: Axes) -> tuple[Label, ...]:
    """Names of the roofs at their right end, just above them, those too close to each other on one line.

    Beside the ridge point's line stands at the bottom what binds on either side of it.
    """
    pixel_x, pixel_y = (on.x[1] - on.x[0]) / PLOT[0], (on.y[1] - on.y[0]) / PLOT[1]
    groups: list[list[Roof]] = []
    for roof in lines:
        if groups and roof.y[1] - groups[-1][-1].y[1] < LINE * pixel_y:
            groups[-1].append(roof)
        else:
            groups.append([roof])
    texts = []
    for group in groups:
        text = _line_of_names(group)
        texts.append(
            Label(text, on.x[1] - (_half(text) + GAP) * pixel_x, float(group[-1].y[1]) + 0.62 * LINE * pixel_y)
        )
    floor = on.y[0] + 0.9 * LINE * pixel_y
    for roof in lines:
        if roof.active:
            ridge = float(roof.x[1])
            sides = (f"ridge {significant(roof.ridge)}: compute-bound →", 1), ("← memory-bound", -1)
            places = [(text, ridge + side * (_half(text) + 2 * GAP) * pixel_x) for text, side in sides]
            texts += [Label(text, x, floor) for text, x in places if x - _half(text) * pixel_x >= on.x[0]]
    return tuple(texts)


def _line_of_names(group: Sequence[Roof]) -> str:
    """Names of roofs on one line; where they are too many for the plot, the lowest are left out."""
    named = list(group)
    while 2 * _half(text := " · ".join(roof.text for roof in named)) > PLOT[0] - 2 * GAP and len(named) > 1:
        named.remove(next(roof for roof in named if not roof.active))
    return text


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


def _half(text: str) -> float:
    """Half the width of a text [px]."""
    return CHARACTER * len(text) / 2


def _places(leads: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boxes around points, preferred and nearer first: middle and half sizes, shape ``(label, place, 4)`` [px]."""
    x, y, half, size = leads.T[:, :, None]
    places = np.empty((len(leads), len(_SHIFTS), 4))
    places[..., 0] = x + _SHIFTS[:, 0] * (size + GAP + half) + _SHIFTS[:, 1] * half
    places[..., 1] = y + _SHIFTS[:, 2] * (size + GAP + LINE / 2) + _SHIFTS[:, 3] * LINE
    places[..., 2] = half
    places[..., 3] = LINE / 2
    return places


def _cost(places: NDArray[np.float64], boxes: NDArray[np.float64], discs: NDArray[np.float64]) -> NDArray[np.float64]:
    """How bad each place is: cut off, over another text, over a point, shape ``(label, place)``."""
    low, high = places[..., :2] - places[..., 2:], places[..., :2] + places[..., 2:] - PLOT
    outside = np.maximum(-low, 0.0).sum(axis=-1) + np.maximum(high, 0.0).sum(axis=-1)
    cost: NDArray[np.float64] = OUTSIDE * outside + OVER_TEXT * _overlap(places, boxes) + _overlap(places, discs)
    return cost


def _overlap(places: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area that each place shares with other boxes, shape ``(..., place)`` [px²]."""
    shared = places[..., None, 2:] + others[:, 2:] - np.abs(places[..., None, :2] - others[:, :2])
    np.maximum(shared, 0.0, out=shared)
    area: NDArray[np.float64] = (shared[..., 0] * shared[..., 1]).sum(axis=-1)
    return area
