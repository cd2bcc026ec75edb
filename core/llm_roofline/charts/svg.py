"""The board as a still picture: an SVG that shows where no widget can."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from ..basics import quantity, significant
from ..estimates import binding, shown, verdict
from .badges import SIZE
from .labels import Label
from .latency import bars
from .palette import COLOURS
from .placing import place
from .points import points, radius
from .roofs import roofs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..estimates import Estimate
    from .axes import Axes
    from .badges import Badge, BarBadge
    from .points import Point

WIDTH, HEIGHT = 720, 520
LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT = 90, 52, 610, 320
BAR_TOP, BAR_HEIGHT = 438, 22
INK, FAINT = "#333333", "#BBBBBB"
HERE, ELSEWHERE = "#FFD33D", "#FFFFFF"  # badges of this state, and of any other


def picture(
    estimate: Estimate,
    phase: str,
    on: Axes,
    *,
    badges: Sequence[Badge] = (),
    bar_badges: Sequence[BarBadge] = (),
) -> str:
    """SVG of roofline and latency bar, with the headline as its text; names are escaped by the XML writer.

    Parameters
    ----------
    estimate : Estimate
        What it shows.
    phase : str
        One of :data:`llm_roofline.charts.points.PHASES`.
    on : Axes
        The axes of the roofline.
    badges : sequence of Badge
        Badges on the roofline.
    bar_badges : sequence of BarBadge
        The badge of each bar; left out where none has one.
    """
    scenario = estimate.scenario
    svg = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", width=str(WIDTH)
    )
    SubElement(svg, "title").text = estimate.takeaway
    SubElement(svg, "rect", width=str(WIDTH), height=str(HEIGHT), fill="#FFFFFF")
    title = f"{scenario.model.name} on {scenario.hardware.title}, batch {scenario.workload.batch_size:,}, {phase}"
    _text(svg, 12, 20, title, size=14, weight="bold")
    rate = significant(estimate.tokens_per_s)
    speed = f"TTFT {quantity(estimate.ttft, 's')} · TPOT {quantity(estimate.tpot, 's')} · {rate} tokens/s"
    said = [*([speed] if estimate.memory.fits else []), verdict(estimate.memory)]
    _text(svg, 12, 38, " · ".join(said), size=11)
    _roofline(svg, estimate, phase, on, badges)
    _latency(svg, estimate, phase, bar_badges)
    _text(svg, 12, HEIGHT - 10, binding(shown(estimate, phase)[-1].phase), size=11)
    return tostring(svg, encoding="unicode")


def _text(  # noqa: PLR0913 - what an SVG text has
    parent: Element, x: float, y: float, text: str, *, size: int = 11, anchor: str = "start", weight: str = "normal"
) -> None:
    style = {
        "font-size": str(size),
        "text-anchor": anchor,
        "font-weight": weight,
        "font-family": "sans-serif",
        "fill": INK,
    }
    SubElement(parent, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", **style}).text = text


def _badge(svg: Element, x: float, y: float, text: str, *, here: bool) -> None:
    """Number of a finding in a disc."""
    paint = {"fill": HERE if here else ELSEWHERE, "stroke": INK, "stroke-width": "1.3"}
    SubElement(svg, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{SIZE:.1f}", **paint})
    _text(svg, x, y + 3.5, text, size=10, anchor="middle", weight="bold")


def _roofline(svg: Element, estimate: Estimate, phase: str, on: Axes, badges: Sequence[Badge]) -> None:
    def at(x: float, y: float) -> tuple[float, float]:
        across, up = (x - on.x[0]) / (on.x[1] - on.x[0]), (y - on.y[0]) / (on.y[1] - on.y[0])
        return LEFT + PLOT_WIDTH * across, TOP + PLOT_HEIGHT * (1 - up)

    _ticks(svg, on, at)
    for roof in roofs([part.phase.operators for part in shown(estimate, phase)], on):
        corners = [at(float(x), float(y)) for x, y in zip(roof.x, roof.y, strict=True)]
        _path(svg, corners, *((INK, "2") if roof.active else (FAINT, "1")))
        if roof.active:
            _text(svg, LEFT + PLOT_WIDTH - 4, corners[-1][1] - 5, roof.text, size=10, anchor="end")
    discs = points(estimate, phase, on)
    for point in discs:
        _point(svg, *at(point.x, point.y), point)
    for label in place(discs, on, [Label("00", badge.x, badge.y) for badge in badges]):
        x, y = at(label.x, label.y)
        _text(svg, x, y + 4, label.text, size=11, anchor="middle", weight="bold")
    for badge in badges:
        _path(svg, [at(*corner) for corner in badge.frame], INK, "1.2", "5 3")
        _badge(svg, *at(badge.x, badge.y), badge.text, here=badge.here)


def _ticks(svg: Element, on: Axes, at: Callable[[float, float], tuple[float, float]]) -> None:
    for value, text in on.x_ticks.items():
        x, _ = at(value, on.y[0])
        SubElement(svg, "path", d=f"M{x:.1f},{TOP}V{TOP + PLOT_HEIGHT}", stroke="#EEEEEE")
        _text(svg, x, TOP + PLOT_HEIGHT + 14, text, size=10, anchor="middle")
    for value, text in on.y_ticks.items():
        _, y = at(on.x[0], value)
        SubElement(svg, "path", d=f"M{LEFT},{y:.1f}H{LEFT + PLOT_WIDTH}", stroke="#EEEEEE")
        _text(svg, LEFT - 6, y + 4, text, size=10, anchor="end")
    _text(svg, LEFT + PLOT_WIDTH / 2, TOP + PLOT_HEIGHT + 30, "arithmetic intensity [FLOP/B]", anchor="middle")


def _path(svg: Element, corners: Sequence[tuple[float, float]], ink: str, width: str, dashes: str = "none") -> None:
    """Line through corners; none where there are none."""
    if corners:
        path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        style = {"fill": "none", "stroke": ink, "stroke-width": width, "stroke-dasharray": dashes}
        SubElement(svg, "path", {"d": path, **style})


def _point(svg: Element, x: float, y: float, point: Point) -> None:
    """Operator as a disc, a square or a triangle, after its bound."""
    size = radius(point.share)
    paint = {"fill": COLOURS[point.kind], "fill-opacity": "0.8", "stroke": "#FFFFFF"}
    if point.bound == "memory":
        SubElement(svg, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{size:.1f}", **paint})
    elif point.bound == "link":
        corners = f"{x:.1f},{y - size:.1f} {x + size:.1f},{y + size:.1f} {x - size:.1f},{y + size:.1f}"
        SubElement(svg, "polygon", {"points": corners, **paint})
    else:
        side, half = f"{1.77 * size:.1f}", 0.885 * size
        corner = {"x": f"{x - half:.1f}", "y": f"{y - half:.1f}"}
        SubElement(svg, "rect", {**corner, "width": side, "height": side, **paint})


def _latency(svg: Element, estimate: Estimate, phase: str, badges: Sequence[BarBadge]) -> None:
    drawn = bars(estimate, phase)
    longest = max(bar.time for bar in drawn)
    for row, bar in enumerate(drawn):
        y = BAR_TOP - 14 + row * (BAR_HEIGHT + 6)
        _text(svg, LEFT - 6, y + BAR_HEIGHT - 7, bar.phase, anchor="end")
        for segment in bar.segments:
            x, width = (LEFT + (PLOT_WIDTH - 80) * value / longest for value in (segment.start, segment.time))
            part = {
                "x": f"{x:.1f}",
                "y": f"{y}",
                "width": f"{width - LEFT:.2f}",
                "height": f"{BAR_HEIGHT}",
                "fill": COLOURS[segment.kind],
            }
            SubElement(
                SubElement(svg, "rect", {**part, "stroke": "#FFFFFF", "stroke-width": "0.5"}), "title"
            ).text = segment.name
        _text(
            svg,
            LEFT + (PLOT_WIDTH - 80) * bar.time / longest + 6,
            y + BAR_HEIGHT - 7,
            quantity(bar.time, "s"),
            weight="bold",
        )
        if badges and badges[row].text:
            _badge(svg, LEFT + BAR_HEIGHT / 2 + 1, y + BAR_HEIGHT / 2, badges[row].text, here=badges[row].here)
