"""Labels of the points that take most of the time, placed so that nothing overlaps.

Placement is greedy on a plot of a nominal size in pixels; on a larger one the same places lie farther apart. Names at the same spot
share a label.
"""

from __future__ import annotations

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
GAP = 4.0  # between a point and its label [px]


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
    return max(3.0, 26.0 * share**0.5)


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
    discs = np.array(
        [[*(np.array([p.x, p.y]) - origin) * scale, r, r] for p, r in zip(points, sizes, strict=True)]
    ).reshape(-1, 4)
    boxes = np.array([[*(np.array([t.x, t.y]) - origin) * scale, _half(t.text), LINE / 2] for t in taken]).reshape(
        -1, 4
    )
    placed = []
    for members in _labelled(points, on):
        lead = max(members, key=lambda p: p.share)
        names = list(dict.fromkeys(p.name for p in members))
        text = (
            ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "") + (" ▸" if lead.clipped else "")
        )
        spot = (np.array([lead.x, lead.y]) - origin) * scale
        places = _places(spot, _half(text), radius(lead.share))
        best = places[np.argmin(_cost(places, boxes, discs))]
        boxes = np.vstack((boxes, best))
        x, y = best[:2] / scale + origin
        placed.append(Label(text, float(x), float(y)))
    return tuple(placed)


def roof_texts(lines: Sequence[Roof], on: Axes) -> tuple[Label, ...]:
    """Names of the roofs at their right end, just above them, those too close to each other on one line; and the ridge point."""
    pixel_x, pixel_y = (on.x[1] - on.x[0]) / PLOT[0], (on.y[1] - on.y[0]) / PLOT[1]
    groups: list[list[Roof]] = []
    for roof in lines:
        if groups and roof.y[1] - groups[-1][-1].y[1] < LINE * pixel_y:
            groups[-1].append(roof)
        else:
            groups.append([roof])
    texts = []
    for group in groups:
        text = " · ".join(roof.text for roof in group)
        texts.append(
            Label(text, on.x[1] - (_half(text) + GAP) * pixel_x, float(group[-1].y[1]) + 0.62 * LINE * pixel_y)
        )
    for roof in lines:
        if roof.active:
            text = f"ridge {significant(roof.ridge)}"
            texts.append(
                Label(text, float(roof.x[1]) - (_half(text) - 10) * pixel_x, float(roof.y[1]) + 0.9 * LINE * pixel_y)
            )
    return tuple(texts)


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


def _places(spot: NDArray[np.float64], half: float, size: float) -> NDArray[np.float64]:
    """Boxes around a spot, the preferred first, then farther out: middle and half sizes, shape ``(place, 4)`` [px]."""
    reach, rise = size + GAP + half, size + GAP + LINE / 2
    shifts = []
    for far in range(4):
        up, out = far * LINE, far * 1.4 * LINE
        shifts += [
            (reach, -up),
            (-reach, up),
            (half * 0.6, -rise - out),
            (-half * 0.6, rise + out),
            (0.0, -rise - out),
            (0.0, rise + out),
            (reach, -rise - out),
            (-reach, rise + out),
        ]
    places = np.empty((len(shifts), 4))
    places[:, :2] = spot + np.array(shifts)
    places[:, 2:] = half, LINE / 2
    return places


def _cost(places: NDArray[np.float64], boxes: NDArray[np.float64], discs: NDArray[np.float64]) -> NDArray[np.float64]:
    """How bad each place is: cut off, over another text, over a point, shape ``(place,)``."""
    low, high = places[:, :2] - places[:, 2:], places[:, :2] + places[:, 2:] - PLOT
    outside = np.maximum(-low, 0.0).sum(axis=1) + np.maximum(high, 0.0).sum(axis=1)
    return 1e4 * outside + 10 * _overlap(places, boxes) + _overlap(places, discs)


def _overlap(places: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area that each place shares with other boxes, shape ``(place,)`` [px²]."""
    apart = np.abs(places[:, None, :2] - others[None, :, :2])
    shared = np.maximum(places[:, None, 2:] + others[None, :, 2:] - apart, 0.0)
    return shared.prod(axis=2).sum(axis=1)
