"""Series: what a picture shows, as plain arrays that a test checks without a browser.

Both axes of the roofline are stored as drawn, that is as decimal logarithms where the axes are logarithmic: a chart
"""

from .axes import Axes, axes, round_ticks
from .axes_of import axes_of
from .badges import SIZE, Badge, BarBadge
from .ghosts import Ghost, ghosts
from .labels import PLOT, Label, roof_texts
from .latency import KINDS, Bar, Segment, axis_end, bars
from .palette import COLOURS, SHAPES, TEXT_ON
from .placing import place
from .points import Point, points, radius, without_work
from .roofs import Roof, formats_in_use, roofs
from .svg import ELSEWHERE, HERE, INK, picture
from .together import together

__all__ = [
    "COLOURS",
    "ELSEWHERE",
    "HERE",
    "INK",
    "KINDS",
    "PLOT",
    "SHAPES",
    "SIZE",
    "TEXT_ON",
    "Axes",
    "Badge",
    "Bar",
    "BarBadge",
    "Ghost",
    "Label",
    "Point",
    "Roof",
    "Segment",
    "axes",
    "axes_of",
    "axis_end",
    "bars",
    "formats_in_use",
    "ghosts",
    "picture",
    "place",
    "points",
    "radius",
    "roof_texts",
    "roofs",
    "round_ticks",
    "together",
    "without_work",
]
