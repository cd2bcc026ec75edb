
Both axes of the roofline are stored as drawn, that is as decimal logarithms where the axes are logarithmic: a chart
"""

from .axes import Axes, axes
from .labels import Label
from .latency import Bar, Segment, bars
from .placing import place
from .points import Point, points
from .roofs import Roof, roofs

__all__ = [
    "Axes",
    "Bar",
    "Label",
    "Point",
    "Roof",
    "Rows",
    "Segment",
    "axes",
    "bars",
    "place",
    "points",
    "roofs",
]
