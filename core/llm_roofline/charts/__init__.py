"""Series: what a picture shows, as plain arrays that a test checks without a browser.

Both axes of the roofline are stored as drawn, that is as decimal logarithms where the axes are logarithmic: a chart
"""

from .axes import Axes, axes
from .ghosts import Ghost, ghosts
from .labels import Label
from .latency import Bar, Segment, bars
from .placing import place
from .points import Point, points
from .roofs import Roof, roofs

__all__ = [
    "Axes",
    "Bar",
    "Ghost",
    "Label",
    "Point",
    "Roof",
    "Segment",
    "axes",
    "bars",
    "ghosts",
    "place",
    "points",
    "roofs",
]
