"""The roofline: the device's roofs, and the operators as points under them."""

from __future__ import annotations

import math
from contextlib import ExitStack
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from bqplot import Axis, Figure, Label, LinearScale, Lines, Scatter
from ipywidgets import HTML

from llm_roofline.series import Axes, axes, place, points, roofs
from llm_roofline.series import Label as Text
from llm_roofline.series.labels import radius, roof_texts
from llm_roofline.series.roofs import active_format
from llm_roofline.units import percent, quantity, significant

from .palette import COLOURS
from .ticks import set_ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from llm_roofline import Hardware, OperatorTable
    from llm_roofline.series import Point

    from .session import State

MARKERS = {"memory": "circle", "compute": "square"}
LARGEST = math.pi * radius(1.0) ** 2  # area of the point that takes all the time [px²]


class RooflineChart(Figure):
    """Points of the operators under the roofs of the device.

    Marks, scales and axes are made once; a change assigns new arrays. The scales are linear and the arrays logarithms,
    so that no zero reaches a logarithmic scale.

    Parameters
    ----------
    on_select : callable
        Called with the name of an operator that was clicked.
    """

    def __init__(self, on_select: Callable[[str], None]) -> None:
        self._on_select = on_select
        self._points: dict[tuple[str, str], list[Point]] = {}
        self._state: State | None = None
        self._frame: tuple[Hardware, bool, str] | None = None
        self._on = Axes(linear=False, x=(0.0, 1.0), y=(0.0, 1.0), x_ticks={}, y_ticks={})
        self._texts: tuple[Text, ...] = ()
        scale_x, scale_y = LinearScale(min=-1.0, max=5.0), LinearScale(min=11.0, max=16.0)
        plane = {"x": scale_x, "y": scale_y}
        sized = {**plane, "size": LinearScale(min=0.0, max=LARGEST)}
        nowhere = np.zeros(0)
        self._scales = scale_x, scale_y
        self._roofs = Lines(
            x=nowhere, y=nowhere, scales=plane, colors=["#8C8C8C"], stroke_width=1.2, line_style="dashed"
        )
        self._active = Lines(x=nowhere, y=nowhere, scales=plane, colors=["#8C8C8C"], stroke_width=2.6)
        self._drop = Lines(
            x=nowhere, y=nowhere, scales=plane, colors=["#8C8C8C"], stroke_width=1.2, line_style="dotted"
        )
        self._ridge = Scatter(x=nowhere, y=nowhere, scales=plane, marker="diamond", colors=["#8C8C8C"], default_size=70)
        self._ring = Scatter(
            x=nowhere,
            y=nowhere,
            size=nowhere,
            scales=sized,
            fill=False,
            colors=["#8C8C8C"],
            stroke="#8C8C8C",
            stroke_width=2.5,
            default_size=int(LARGEST),
        )
        self._tooltip = HTML()
        self._marks = {
            (phase, bound): self._scatter(sized, phase, bound)
            for phase in ("prefill", "decode")
            for bound in ("memory", "compute")
        }
        self._roof_names = Label(
            x=nowhere,
            y=nowhere,
            text=[],
            scales=plane,
            align="middle",
            default_size=11,
            font_weight="normal",
            colors=["#8C8C8C"],
        )
        self._names = Label(
            x=nowhere,
            y=nowhere,
            text=[],
            scales=plane,
            align="middle",
            default_size=11,
            font_weight="bold",
            colors=["#8C8C8C"],
        )
        self._x = Axis(scale=scale_x, label="arithmetic intensity [FLOP/B]", grid_lines="solid", label_offset="2.6em")
        self._y = Axis(
            scale=scale_y, side="left", label="performance [FLOP/s]", grid_lines="solid", label_offset="3.4em"
        )
        super().__init__(
            marks=[
                self._roofs,
                self._active,
                self._drop,
                self._ridge,
                *self._marks.values(),
                self._ring,
                self._roof_names,
                self._names,
            ],
            axes=[self._x, self._y],
            fig_margin={"top": 12, "bottom": 48, "left": 62, "right": 16},
            animation_duration=0,
            display_toolbar=False,
            padding_x=0.0,
            padding_y=0.0,
        )
        self.layout.width, self.layout.height, self.layout.min_width = "auto", "400px", "0"
        self.add_class("llmv-roofline")

    def _scatter(self, scales: dict[str, LinearScale], phase: str, bound: str) -> Scatter:
        nowhere = np.zeros(0)
        mark = Scatter(
            x=nowhere,
            y=nowhere,
            size=nowhere,
            scales=scales,
            marker=MARKERS[bound],
            default_size=int(LARGEST),
            opacities=[0.8],
            stroke_width=1.5,
            tooltip=self._tooltip,
            interactions={"hover": "tooltip"},
        )
        mark.on_element_click(lambda _, message: self._clicked((phase, bound), message))
        mark.on_hover(lambda _, message: self._hovered((phase, bound), message))
        return mark

    def draw(self, state: State) -> None:
        """Show a state."""
        self._state = state
        device, estimate = state.scenario.hardware, state.estimate
        table = getattr(estimate, "decode" if state.phase == "generate" else state.phase).operators
        frame = (device, state.linear_axes, active_format(table))
        if frame != self._frame:
            self._frame = frame
            self._draw_frame(device, axes(device, linear=state.linear_axes), table)
        found = points(estimate, state.phase, self._on)
        grouped: dict[tuple[str, str], list[Point]] = {key: [] for key in self._marks}
        for point in found:
            grouped[point.phase, point.bound].append(point)
        touched = [key for key in self._marks if grouped[key] or self._points.get(key)]
        self._points = grouped
        with ExitStack() as stack:
            for widget in (*(self._marks[key] for key in touched), self._ring, self._names):
                stack.enter_context(widget.hold_sync())
            for key in touched:
                hollow = state.phase == "generate" and key[0] == "prefill"
                self._draw_points(self._marks[key], grouped[key], hollow=hollow)
            chosen = [p for p in found if p.name == state.selected]
            _assign(self._ring, [p.x for p in chosen], [p.y for p in chosen])
            self._ring.size = np.array([_area(p.share, margin=4.0) for p in chosen])
            _write(self._names, place(found, self._on, self._texts))

    def _draw_frame(self, device: Hardware, on: Axes, table: OperatorTable) -> None:
        """Axes and roofs: they follow the device and the format in use, and stay while a slider moves."""
        lines = roofs(device, table, on)
        self._on, self._texts = on, roof_texts(lines, on)
        active, others = [roof for roof in lines if roof.active], [roof for roof in lines if not roof.active]
        frame = (*self._scales, self._x, self._y, self._roofs, self._active, self._drop, self._ridge, self._roof_names)
        with ExitStack() as stack:
            for widget in frame:
                stack.enter_context(widget.hold_sync())
            for scale, axis, ends, ticks in zip(
                self._scales, (self._x, self._y), (on.x, on.y), (on.x_ticks, on.y_ticks), strict=True
            ):
                scale.min, scale.max = ends
                set_ticks(axis, ticks)
            _assign(self._roofs, [r.x for r in others], [r.y for r in others])
            _assign(self._active, [r.x for r in active], [r.y for r in active])
            _assign(self._drop, [r.x[[1, 1]] for r in active], [[on.y[0], r.y[1]] for r in active])
            _assign(self._ridge, [r.x[1] for r in active], [r.y[1] for r in active])
            _write(self._roof_names, self._texts)

    def _draw_points(self, mark: Scatter, members: Sequence[Point], *, hollow: bool) -> None:
        _assign(mark, [p.x for p in members], [p.y for p in members])
        mark.size = np.array([_area(p.share) for p in members])
        mark.colors = [COLOURS[p.kind] for p in members] or ["#8C8C8C"]
        mark.fill = not hollow

    def _clicked(self, key: tuple[str, str], message: dict[str, object]) -> None:
        """Select what was clicked; a further click on the same spot goes on to the next operator there."""
        index = _index(message)
        if self._state is None or index is None or index >= len(self._points[key]):
            return
        top = self._points[key][index]
        spot = [p.name for p in self._points[key] if (p.x, p.y) == (top.x, top.y)]
        chosen = self._state.selected
        self._on_select(spot[(spot.index(chosen) + 1) % len(spot)] if chosen in spot else top.name)

    def _hovered(self, key: tuple[str, str], message: dict[str, object]) -> None:
        index = _index(message)
        if self._state is None or index is None or index >= len(self._points[key]):
            return
        self._tooltip.value = tooltip(self._state, self._points[key][index])


def tooltip(state: State, point: Point) -> str:
    """Text of a point: work, traffic, intensity, attainable performance, time and share."""
    row = getattr(state.estimate, point.phase).operators[point.name]
    lines = (
        ("FLOP", quantity(row.flops, "FLOP")),
        ("bytes", quantity(row.bytes, "B")),
        ("intensity", f"{significant(row.arithmetic_intensity)} FLOP/B"),
        ("attainable", quantity(row.attainable_flops_per_s, "FLOP/s")),
        ("time", quantity(row.time, "s")),
        ("share", percent(point.share)),
    )
    cells = "".join(f"<tr><th>{name}</th><td>{escape(text)}</td></tr>" for name, text in lines)
    return f"<b>{escape(point.name)}</b> · {point.phase} · {point.bound}-bound<table class='llmv-tip'>{cells}</table>"


def _area(share: float, margin: float = 0.0) -> float:
    """Area of a point with a margin around it [px²]."""
    return math.pi * (radius(share) + margin) ** 2


def _index(message: dict[str, object]) -> int | None:
    data = message.get("data")
    index = data.get("index") if isinstance(data, dict) else None
    return index if isinstance(index, int) else None


def _assign(mark: Lines | Scatter, x: Sequence[object], y: Sequence[object]) -> None:
    mark.x, mark.y = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)


def _write(mark: Label, texts: Sequence[Text]) -> None:
    mark.x, mark.y = np.array([t.x for t in texts]), np.array([t.y for t in texts])
    mark.text = [t.text for t in texts]
