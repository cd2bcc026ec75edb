"""The stacked latency bar: where the time of a phase goes."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import numpy as np
from bqplot import Axis, Bars, LinearScale, OrdinalScale

from llm_roofline.series import bars
from llm_roofline.series.axes import round_ticks
from llm_roofline.units import quantity

from .chart import Chart, texts
from .palette import COLOURS, TEXT_ON
from .ticks import set_ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from llm_roofline.series import Bar

    from .session import State

WIDTH = 470.0  # smallest plot that a board draws, without its margins [px]
CHARACTER = 6.5  # of 11 px type [px]
FADED = 0.35  # opacity of the segments that are not selected
ROOM = 1.16  # length of the axis in bars, so that the total finds its place behind the longest


class LatencyChart(Chart):
    """One bar a phase, one segment an operator, coloured by kind.

    Parameters
    ----------
    on_select : callable
        Called with the name of an operator whose segment was clicked.
    """

    def __init__(self, on_select: Callable[[str], None]) -> None:
        self._on_select = on_select
        self._order: tuple[str, ...] = ()
        self._scale_x, self._scale_y = LinearScale(min=0.0, max=1.0), OrdinalScale()
        scales = {"x": self._scale_y, "y": self._scale_x}
        self._bars = Bars(
            x=["decode"],
            y=np.zeros((1, 1)),
            scales=scales,
            orientation="horizontal",
            padding=0.25,
            opacity_mode="element",
        )
        self._bars.on_element_click(self._clicked)
        # An ordinal scale leaves texts where they were when its values change, so theirs is a linear one.
        plane = {"x": self._scale_x, "y": LinearScale(min=0.0, max=1.0)}
        self._names = texts(plane, "bold")
        self._totals = texts(plane, "bold", align="start", default_size=12, x_offset=6)
        self._x = Axis(scale=self._scale_x, label="time [s]", label_offset="2.6em")
        self._y = Axis(scale=self._scale_y, side="left", tick_style={"font-size": "12px"})
        marks = self._bars, self._names, self._totals
        super().__init__("llmv-latency", marks, (self._x, self._y), height=150, margins=(4, 46, 64, 16))

    def draw(self, state: State) -> None:
        """Show a state."""
        shown = bars(state.estimate, state.phase)[::-1]  # an ordinal axis begins at the bottom
        self._order = tuple(segment.name for segment in shown[0].segments)
        unit, scale = _unit(max(bar.time for bar in shown))
        labels = [bar.phase for bar in shown]
        with ExitStack() as stack:
            for widget in (self._scale_x, self._scale_y, self._x, *self.marks):
                stack.enter_context(widget.hold_sync())
            self._scale_x.max = ROOM * max(bar.time for bar in shown) / scale
            set_ticks(self._x, {tick: f"{tick:,.4g}" for tick in round_ticks(self._scale_x.max)})
            self._x.label = f"time [{unit}]"
            self._bars.x = labels
            self._bars.y = np.array([[bar.segments[i].time / scale for bar in shown] for i in range(len(self._order))])
            kinds = [segment.kind for segment in shown[0].segments]
            self._bars.colors = [COLOURS[kind] for kind in kinds]
            self._bars.opacities = [1.0 if state.selected in (None, name) else FADED for name in self._order]
            self._draw_texts(shown, scale, state.selected)

    def _draw_texts(self, shown: Sequence[Bar], scale: float, selected: str | None) -> None:
        """Name the segments that are wide enough, and not faded."""
        pixels = WIDTH / (ROOM * max(bar.time for bar in shown))
        named = [
            (bar, s)
            for bar in shown
            for s in bar.segments
            if s.time * pixels > CHARACTER * len(s.name) + 6 and selected in (None, s.name)
        ]
        heights = {bar.phase: (row + 0.5) / len(shown) for row, bar in enumerate(shown)}
        self._names.x = np.array([(s.start + s.time / 2) / scale for _, s in named])
        self._names.y = np.array([heights[bar.phase] for bar, _ in named])
        self._names.text = [s.name for _, s in named]
        self._names.colors = [TEXT_ON[s.kind] for _, s in named] or ["#000000"]
        self._totals.x = np.array([bar.time / scale for bar in shown])
        self._totals.y = np.array(list(heights.values()))
        self._totals.text = [f"{quantity(bar.time, 's')}" for bar in shown]

    def _clicked(self, _: object, message: dict[str, object]) -> None:
        data = message.get("data")
        index = data.get("subIndex") if isinstance(data, dict) else None
        if isinstance(index, int) and index < len(self._order):
            self._on_select(self._order[index])


def _unit(longest: float) -> tuple[str, float]:
    """Unit in which a time reads well, and its length [s]."""
    return next(((u, s) for u, s in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)) if longest >= s), ("ns", 1e-9))
