"""What the charts share: a figure without decorations, marks that begin with nothing to draw, what the mouse is on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from bqplot import Axis, Figure, Label, Lines, Mark, Scale

from ..kernel.updates import floats, show, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llm_roofline.charts import Label as Text

T = TypeVar("T")
INK = "#8C8C8C"  # seen on light and dark ground
STRONG, PLAIN, SOFT = (f"var(--jp-content-font-color{place}, {INK})" for place in range(3))  # the theme's own
NOWHERE = np.zeros(0)


class Chart(Figure):
    """A figure that fills the width it is given.

    Parameters
    ----------
    name : str
        Its class in the style sheet.
    marks, axes : sequence
        What it draws.
    height : int
        Height [px].
    margins : tuple of int
        Room above, below, left and right of the plot [px].
    """

    def __init__(
        self, name: str, marks: Sequence[Mark], axes: Sequence[Axis], height: int, margins: tuple[int, int, int, int]
    ) -> None:
        super().__init__(
            marks=list(marks),
            axes=list(axes),
            fig_margin=dict(zip(("top", "bottom", "left", "right"), margins, strict=True)),
            animation_duration=0,
            display_toolbar=False,
            padding_x=0.0,
            padding_y=0.0,
        )
        self.layout.width, self.layout.height, self.layout.min_width = "auto", f"{height}px", "0"
        self.add_class(name)


def styled(**style: str) -> dict[str, Any]:
    """Traits that give every element of a mark a style that bqplot has no trait for: that of what is not selected."""
    return {"selected": [], "unselected_style": {name.replace("_", "-"): value for name, value in style.items()}}


def lines(plane: dict[str, Scale], width: float, style: str = "solid", colour: str = INK) -> Lines:
    """Lines of one width [px], style and colour."""
    return Lines(x=NOWHERE, y=NOWHERE, scales=plane, colors=[colour], stroke_width=width, line_style=style)


def texts(plane: dict[str, Scale], weight: str, **more: Any) -> Label:  # noqa: ANN401 - traits of bqplot
    """Texts in the middle of their places, unless told otherwise."""
    given = {"align": "middle", "default_size": 11, "colors": [INK], **more}
    return Label(x=NOWHERE, y=NOWHERE, text=words([]), scales=plane, font_weight=weight, **given)


def write(mark: Label, labels: Sequence[Text]) -> None:
    """Write labels where they belong."""
    show(mark, x=floats([t.x for t in labels]), y=floats([t.y for t in labels]), text=words([t.text for t in labels]))


def under(message: dict[str, Any], among: Sequence[T], place: str = "index") -> T | None:
    """Element of a mark that a message about the mouse means; None where it means none that is there."""
    data = message.get("data")
    index = data.get(place) if isinstance(data, dict) else None
    return among[index] if isinstance(index, int) and 0 <= index < len(among) else None
