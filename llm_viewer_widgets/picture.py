"""The board as a still picture: an SVG that shows where no widget can."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from llm_roofline.series import axes, bars, place, points, roofs
from llm_roofline.series.points import radius, shown
from llm_roofline.takeaway import binding, verdict
from llm_roofline.units import quantity, significant

from .palette import COLOURS

if TYPE_CHECKING:
    from .session import State

WIDTH, HEIGHT = 720, 520
LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT = 90, 52, 610, 320
BAR_TOP, BAR_HEIGHT = 438, 22
INK, FAINT = "#333333", "#BBBBBB"


def picture(state: State) -> str:
    """SVG of roofline and latency bar, with the headline as its text; names are escaped by the XML writer."""
    scenario, estimate = state.scenario, state.estimate
    svg = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", width=str(WIDTH)
    )
    SubElement(svg, "title").text = estimate.takeaway
    SubElement(svg, "rect", width=str(WIDTH), height=str(HEIGHT), fill="#FFFFFF")
    title = f"{scenario.model.name} on {scenario.hardware.title}, batch {scenario.workload.batch_size:,}, {state.phase}"
    _text(svg, 12, 20, title, size=14, weight="bold")
    rate = significant(estimate.tokens_per_s)
    speed = f"TTFT {quantity(estimate.ttft, 's')} · TPOT {quantity(estimate.tpot, 's')} · {rate} tokens/s"
    _text(svg, 12, 38, f"{speed} · {verdict(estimate.memory)}", size=11)
    _roofline(svg, state)
    _latency(svg, state)
    _text(svg, 12, HEIGHT - 10, binding(shown(estimate, state.phase)[-1].phase), size=11)
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


def _roofline(svg: Element, state: State) -> None:
    device, estimate = state.scenario.hardware, state.estimate
    on = axes(device, linear=state.linear_axes)
    table = shown(estimate, state.phase)[-1].phase.operators

    def at(x: float, y: float) -> tuple[float, float]:
        across, up = (x - on.x[0]) / (on.x[1] - on.x[0]), (y - on.y[0]) / (on.y[1] - on.y[0])
        return LEFT + PLOT_WIDTH * across, TOP + PLOT_HEIGHT * (1 - up)

    for value, text in on.x_ticks.items():
        x, _ = at(value, on.y[0])
        SubElement(svg, "path", d=f"M{x:.1f},{TOP}V{TOP + PLOT_HEIGHT}", stroke="#EEEEEE")
        _text(svg, x, TOP + PLOT_HEIGHT + 14, text, size=10, anchor="middle")
    for value, text in on.y_ticks.items():
        _, y = at(on.x[0], value)
        SubElement(svg, "path", d=f"M{LEFT},{y:.1f}H{LEFT + PLOT_WIDTH}", stroke="#EEEEEE")
        _text(svg, LEFT - 6, y + 4, text, size=10, anchor="end")
    _text(svg, LEFT + PLOT_WIDTH / 2, TOP + PLOT_HEIGHT + 30, "arithmetic intensity [FLOP/B]", anchor="middle")
    for roof in roofs(device, table, on):
        corners = [at(float(x), float(y)) for x, y in zip(roof.x, roof.y, strict=True)]
        path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        ink, width = (INK, "2") if roof.active else (FAINT, "1")
        SubElement(svg, "path", {"d": path, "fill": "none", "stroke": ink, "stroke-width": width})
        if roof.active:
            _text(svg, LEFT + PLOT_WIDTH - 4, corners[-1][1] - 5, roof.text, size=10, anchor="end")
    found = points(estimate, state.phase, on)
    for point in found:
        x, y = at(point.x, point.y)
        size = radius(point.share)
        paint = {"fill": COLOURS[point.kind], "fill-opacity": "0.8", "stroke": "#FFFFFF"}
        if point.bound == "memory":
            SubElement(svg, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{size:.1f}", **paint})
        elif point.bound == "link":
            triangle = f"{x:.1f},{y - size:.1f} {x + size:.1f},{y + size:.1f} {x - size:.1f},{y + size:.1f}"
            SubElement(svg, "polygon", {"points": triangle, **paint})
        else:
            side = f"{1.77 * size:.1f}"
            SubElement(
                svg,
                "rect",
                {
                    "x": f"{x - 0.885 * size:.1f}",
                    "y": f"{y - 0.885 * size:.1f}",
                    "width": side,
                    "height": side,
                    **paint,
                },
            )
    for label in place(found, on):
        x, y = at(label.x, label.y)
        _text(svg, x, y + 4, label.text, size=11, anchor="middle", weight="bold")


def _latency(svg: Element, state: State) -> None:
    drawn = bars(state.estimate, state.phase)
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
