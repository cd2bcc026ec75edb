"""Labels of a roofline: a text and its place, and the texts that stand in the plot whatever the points do.

Places are chosen on a plot of a nominal size in pixels; on a larger one they lie farther apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..basics import significant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .axes import Axes
    from .roofs import Roof

PLOT = (480.0, 268.0)  # smallest plot that a board draws, without its margins [px]
CHARACTER, LINE = 5.8, 13.0  # size of a character of 11 px type [px]
UNIT = "FLOP/s"
GAP = 4.0  # between a point and its label [px]


@dataclass(frozen=True, slots=True)
class Label:
    """A text and the middle of its box, as drawn.

    Parameters
    ----------
    text : str
        What it says.
    x, y : float
        Middle of its box [as drawn].
    """

    text: str
    x: float
    y: float


def half_width(text: str) -> float:
    """Half the width of a text [px]."""
    return CHARACTER * len(text) / 2


def roof_texts(lines: Sequence[Roof], on: Axes) -> tuple[Label, ...]:
    """Names of the roofs at their right end, just above them, those too close to each other on one line.

    Beside the ridge point's line stands at the bottom what binds on either side of it.

    Parameters
    ----------
    lines : sequence of Roof
        The roofs, lowest first.
    on : Axes
        The axes to draw on.
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
            Label(text, on.x[1] - (half_width(text) + GAP) * pixel_x, float(group[-1].y[1]) + 0.62 * LINE * pixel_y)
        )
    floor = on.y[0] + 0.9 * LINE * pixel_y
    for roof in lines:
        if roof.active:
            ridge = float(roof.x[1])
            sides = (f"ridge {significant(roof.ridge)}: compute-bound →", 1), ("← memory-bound", -1)
            places = [(text, ridge + side * (half_width(text) + 2 * GAP) * pixel_x) for text, side in sides]
            texts += [
                Label(text, x, floor)
                for text, x in places
                if on.x[0] <= x - half_width(text) * pixel_x and x + half_width(text) * pixel_x <= on.x[1]
            ]
    return tuple(texts)


def _line_of_names(group: Sequence[Roof]) -> str:
    """Names of roofs on one line, of which the last has the unit; where they are too many, the lowest are left out."""
    named = list(group)
    while 2 * half_width(text := _joined(named)) > PLOT[0] - 2 * GAP and len(named) > 1:
        named.remove(next(roof for roof in named if not roof.active))
    return text


def _joined(named: Sequence[Roof]) -> str:
    *others, last = (roof.text for roof in named)
    return " · ".join([*(text.removesuffix(UNIT) for text in others), last])
