"""The stacked latency bar: where the time of a phase goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from bqplot import Axis, Bars, LinearScale, OrdinalScale

from llm_roofline.basics import quantity
from llm_roofline.charts import COLOURS, TEXT_ON, axis_end, bars, round_ticks
from llm_roofline.estimates import shown as passes
from llm_roofline.findings import bar_badges

from ..kernel.updates import floats, show, words
from .badges import Badges
from .chart import PLAIN, Chart, texts, under
from .ticks import ticks

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..kernel.state import State

WIDTH = 470.0  # smallest plot that a board draws, without its margins [px]
CHARACTER, MARGIN = 6.5, 6.0  # of 11 px type, and around a name [px]
BADGE = 12.0  # from the beginning of a bar to the middle of its badge [px]
FADED = 0.35  # opacity of the segments that are not selected


class LatencyChart(Chart):
    """One bar a phase, one segment an operator, coloured by kind.

    Parameters
    ----------
    on_select : callable
        Called with the name of an operator whose segment was clicked.
    on_open : callable
        Called with the identifier of a finding whose badge was clicked.
    """

    def __init__(self, on_select: Callable[[str], None], on_open: Callable[[str], None]) -> None:
        self._on_select = on_select
        self._order: tuple[str, ...] = ()
        # A figure pads its scales by its largest mark, but not all kinds alike: names would slip off their bars.
        self._scale_x = LinearScale(min=0.0, max=1.0, allow_padding=False)
        self._scale_y = OrdinalScale(allow_padding=False)
        scales = {"x": self._scale_y, "y": self._scale_x}
        self._bars = Bars(
            x=words(["decode"]),
            y=np.zeros((1, 1)),
            scales=scales,
            orientation="horizontal",
            padding=0.25,
            opacity_mode="element",
        )
        self._bars.on_element_click(self._clicked)
        # An ordinal scale leaves texts where they were when its values change, so theirs is a linear one.
        plane = {"x": self._scale_x, "y": LinearScale(min=0.0, max=1.0, allow_padding=False)}
        self._names = texts(plane, "bold")
        self._totals = texts(plane, "bold", align="start", default_size=12, x_offset=6, colors=[PLAIN])
        self._x = Axis(scale=self._scale_x, label="time [s]", label_offset="2.3em")
        self._y = Axis(scale=self._scale_y, side="left", grid_lines="none", tick_style={"font-size": "12px"})
        self._badges = Badges(plane, on_open)
        marks = self._bars, self._names, self._totals, *self._badges.marks
        super().__init__("llmv-latency", marks, (self._x, self._y), height=112, margins=(2, 40, 84, 20))

    def draw(self, state: State) -> None:
        """Show a state."""
        shown = bars(state.estimate, state.phase)[::-1]  # an ordinal axis begins at the bottom
        self._order = tuple(segment.name for segment in shown[0].segments)
        longest = max(bar.time for bar in shown)
        unit, scale = _unit(longest)
        end = axis_end(longest) / scale
        show(self._x, label=f"time [{unit}]", **ticks({tick: f"{tick:,.4g}" for tick in round_ticks(end)}))
        show(self._scale_x, max=end)  # after its axis: see `ticks`
        show(
            self._bars,
            x=words([bar.phase for bar in shown]),
            y=floats([[s.time / scale for s in bar.segments] for bar in shown]).T,
            colors=[COLOURS[segment.kind] for segment in shown[0].segments],
            opacities=[1.0 if state.selected in (None, name) else FADED for name in self._order],
        )
        pixels = WIDTH / (end * scale)
        heights = [(row + 0.5) / len(shown) for row in range(len(shown))]
        named = [
            (height, s, text)
            for height, bar in zip(heights, shown, strict=True)
            for s in bar.segments
            if state.selected in (None, s.name) and (text := _fitting(s.name, s.time * pixels))
        ]
        show(
            self._names,
            x=floats([(s.start + s.time / 2) / scale for _, s, _ in named]),
            y=floats([height for height, *_ in named]),
            text=words([text for *_, text in named]),
            colors=[TEXT_ON[s.kind] for _, s, _ in named] or ["#000000"],
        )
        totals = words([quantity(bar.time, "s") for bar in shown])
        show(self._totals, x=floats([bar.time / scale for bar in shown]), y=floats(heights), text=totals)
        told = bar_badges(
            state.noted.about(state.scenario), [part.key for part in passes(state.estimate, state.phase)][::-1]
        )
        left = BADGE / pixels / scale
        self._badges.draw([(left, up, *one) for up, one in zip(heights, told, strict=True) if one[0]])

    def _clicked(self, _: object, message: dict[str, object]) -> None:
        name = under(message, self._order, "subIndex")
        if name is not None:
            self._on_select(name)


def _unit(longest: float) -> tuple[str, float]:
    """Unit in which a time reads well, and its length [s]."""
    return next(((u, s) for u, s in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)) if longest >= s), ("ns", 1e-9))


def _fitting(name: str, width: float) -> str:
    """Name of a segment of a width [px], whole or its last part, without its group of layers; nothing if none fits."""
    most = int((width - MARGIN) / CHARACTER)
    plain = name.partition(" (")[0] if most > 0 else ""
    return next((text for text in (plain, plain.rpartition(".")[2]) if len(text) <= most), "")
