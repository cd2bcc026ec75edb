"""The roofline: the device's roofs, and the operators as points under them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bqplot import LinearScale, Scatter
from bqplot.interacts import BrushSelector
from ipywidgets import HTML

from llm_roofline.charts import COLOURS, Label, ghosts, place, points, radius
from llm_roofline.findings import badges

from ..kernel.updates import floats, show
from .badges import Badges
from .chart import INK, NOWHERE, PLAIN, STRONG, Chart, lines, styled, texts, under, write
from .roofline_frame import RooflineFrame
from .tooltip import tooltip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bqplot import Lines

    from llm_roofline.charts import Ghost, Point

    from ..kernel.state import State

MARKERS = {"memory": "circle", "compute": "square", "link": "triangle-up"}
RING_MARGIN = 4.0  # between a point and the ring around it [px]
LARGEST = math.pi * radius(1.0) ** 2  # area of the point that takes all the time [px²]


class RooflineChart(Chart):
    """Points of the operators under the roofs of the device. Marks are made once; a change assigns new arrays.

    Parameters
    ----------
    on_select : callable
        Called with the name of an operator that was clicked.
    on_open : callable
        Called with the identifier of a finding whose badge was clicked.
    """

    def __init__(self, on_select: Callable[[str], None], on_open: Callable[[str], None]) -> None:
        self._on_select = on_select
        self._state: State | None = None
        self._frame = RooflineFrame()
        self._sized = {**self._frame.plane, "size": LinearScale(min=0.0, max=LARGEST)}
        self._tooltip = HTML()
        self._marks = {
            (phase, bound): self._operators(phase, bound) for phase in ("prefill", "decode") for bound in MARKERS
        }
        self._points: dict[tuple[str, str], list[Point]] = {key: [] for key in self._marks}
        dashed, plain = styled(pointer_events="none", stroke_dasharray="2.5 2.5"), styled(pointer_events="none")
        self._ghosts = self._scatter(fill=False, stroke=PLAIN, stroke_width=1.7, opacities=[1.0], **dashed)
        self._arrows = lines(self._frame.plane, 1.7, colour=PLAIN)
        self._ring = self._scatter(fill=False, stroke=STRONG, stroke_width=2.5, **plain)
        self._names = texts(self._frame.plane, "bold", colors=[PLAIN])
        self._regions, self._badges = lines(self._frame.plane, 1.4, "dashed"), Badges(self._frame.plane, on_open)
        behind = self._ghosts, self._arrows, self._regions
        written = self._ring, self._frame.texts, self._names, *self._badges.marks
        marks = (*self._frame.marks, *behind, *self._marks.values(), *written)
        super().__init__("llmv-roofline", marks, self._frame.axes, height=322, margins=(8, 46, 62, 16))

    def _scatter(self, **traits: object) -> Scatter:
        return Scatter(x=NOWHERE, y=NOWHERE, size=NOWHERE, scales=self._sized, default_size=int(LARGEST), **traits)

    def _operators(self, phase: str, bound: str) -> Scatter:
        """Points of one phase with one bound, which is told by their shape."""
        mark = self._scatter(
            marker=MARKERS[bound],
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
        estimate, frame = state.estimate, self._frame
        frame.draw(estimate, state.phase, linear=state.linear_axes)
        operators = points(estimate, state.phase, frame.on)
        self._points = {key: [] for key in self._marks}
        for point in operators:
            self._points[_layer(point), point.bound].append(point)
        for key, members in self._points.items():
            hollow = state.phase == "generate" and key[0] == "prefill"
            colours = [COLOURS[p.kind] for p in members] or [INK]
            _move(self._marks[key], members, 0.0, colors=colours, fill=not hollow)
        _draw_ghosts(self._ghosts, self._arrows, ghosts(state.before, estimate, state.phase, frame.on))
        _move(self._ring, [p for p in operators if p.name == state.selected], RING_MARGIN)
        discs = badges(state.noted.about(state.scenario), estimate, state.phase, frame.on) if state.noted.items else ()
        self._badges.draw([(b.x, b.y, b.text, b.here, b.finding) for b in discs])
        _enclose(self._regions, [b.frame for b in discs if b.frame])
        write(self._names, place(operators, frame.on, (*frame.names, *(Label("00", b.x, b.y) for b in discs))))

    def pick_region(self, on_region: Callable[[tuple[float, ...]], None]) -> None:
        """Let a person drag a box over the plot, once.

        Parameters
        ----------
        on_region : callable
            Called with lowest and highest intensity and performance [FLOP/byte, FLOP/s].
        """
        self._pick_nothing()
        brush = BrushSelector(x_scale=self._frame.plane["x"], y_scale=self._frame.plane["y"], color=INK)

        def brushed(change: dict[str, bool]) -> None:
            corners = brush.selected
            if not change["new"] and corners is not None and len(corners):
                self._pick_nothing()
                left, low, right, high = (float(value) for corner in corners for value in corner)
                edges = [left, right, low, high]
                on_region(tuple(edges if self._frame.on.linear else [10.0**edge for edge in edges]))

        brush.observe(brushed, "brushing")
        self.interaction = brush

    def _pick_nothing(self) -> None:
        """Points take clicks again."""
        brush, self.interaction = self.interaction, None
        if brush is not None:
            brush.close()

    def _clicked(self, key: tuple[str, str], message: dict[str, object]) -> None:
        """Select what was clicked; a further click on the same spot goes on to the next operator there."""
        top = under(message, self._points[key])
        if top is not None and self._state is not None:
            spot = [p.name for p in self._points[key] if (p.x, p.y) == (top.x, top.y)]
            chosen = self._state.selected
            self._on_select(spot[(spot.index(chosen) + 1) % len(spot)] if chosen in spot else top.name)

    def _hovered(self, key: tuple[str, str], message: dict[str, object]) -> None:
        point = under(message, self._points[key])
        if point is not None and self._state is not None:
            self._tooltip.value = tooltip(self._state, point)


def _layer(point: Point) -> str:
    """Marks that draw a point: those of what runs once, which are hollow beside decode, or those of other passes."""
    return "decode" if point.phase in {"decode", "draft"} else "prefill"


def _move(mark: Scatter, members: Sequence[Point], margin: float, **more: object) -> None:
    """Draw points, their area in proportion to their share, with a margin around them [px]."""
    if not members and not len(mark.x):
        return
    areas = [math.pi * (radius(p.share) + margin) ** 2 for p in members]
    show(mark, x=floats([p.x for p in members]), y=floats([p.y for p in members]), size=floats(areas), **more)


def _enclose(frames: Lines, corners: Sequence[tuple[tuple[float, float], ...]]) -> None:
    """Draw the edges of regions."""
    if not corners and not len(frames.x):
        return
    edges = floats(corners)
    show(frames, x=edges[..., 0] if edges.size else NOWHERE, y=edges[..., 1] if edges.size else NOWHERE)


def _draw_ghosts(places: Scatter, arrows: Lines, before: Sequence[Ghost]) -> None:
    """Draw where points were, and arrows to where they are."""
    if not before and not len(places.x):
        return
    areas = [math.pi * radius(ghost.share) ** 2 for ghost in before]
    show(places, x=floats([g.x for g in before]), y=floats([g.y for g in before]), size=floats(areas))
    corners = floats([ghost.arrow for ghost in before if ghost.arrow])
    show(arrows, x=corners[..., 0] if corners.size else NOWHERE, y=corners[..., 1] if corners.size else NOWHERE)
