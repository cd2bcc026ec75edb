"""A scaling curve as a picture: points on logarithmic axes."""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 420, 260, 64, 14, 14, 44
INK = "#666666"


def plot(path: Path, across: str, up: str, points: list[tuple[float, float]]) -> None:
    """Write an SVG of points; both axes are logarithmic and begin at a power of ten.

    Parameters
    ----------
    path : Path
        Where to.
    across, up : str
        What the axes show, with units.
    points : list of tuple
        The points.
    """
    ranges = [_decades([point[axis] for point in points]) for axis in (0, 1)]
    svg = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", width=str(WIDTH))
    SubElement(svg, "title").text = f"{up} by {across}"
    SubElement(svg, "rect", width=str(WIDTH), height=str(HEIGHT), fill="#FFFFFF")

    def at(axis: int, value: float) -> float:
        low, high = ranges[axis]
        share = (math.log10(value) - low) / (high - low)
        return LEFT + share * (WIDTH - LEFT - RIGHT) if axis == 0 else HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    for axis, (low, high) in enumerate(ranges):
        for power in range(low, high + 1):
            place = at(axis, 10.0**power)
            line = f"M{place:.1f} {TOP}V{HEIGHT - BOTTOM}" if axis == 0 else f"M{LEFT} {place:.1f}H{WIDTH - RIGHT}"
            SubElement(svg, "path", d=line, stroke="#DDDDDD")
            x, y, anchor = (place, HEIGHT - BOTTOM + 16, "middle") if axis == 0 else (LEFT - 6, place + 4, "end")
            _text(svg, x, y, f"{10.0**power:,g}" if abs(power) < 5 else f"1e{power}", anchor)
    for x, y in points:
        SubElement(svg, "circle", cx=f"{at(0, x):.1f}", cy=f"{at(1, y):.1f}", r="3", fill="#0072B2", opacity="0.6")
    _text(svg, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, across, "middle")
    label = SubElement(svg, "g", transform=f"translate(14 {(TOP + HEIGHT - BOTTOM) / 2:.0f}) rotate(-90)")
    _text(label, 0, 0, up, "middle")
    path.write_text(tostring(svg, encoding="unicode") + "\n", encoding="utf-8")


def _decades(values: list[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _text(parent: Element, x: float, y: float, text: str, anchor: str) -> None:
    style = {"font-size": "11", "font-family": "sans-serif", "fill": INK, "text-anchor": anchor}
    SubElement(parent, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", **style}).text = text
