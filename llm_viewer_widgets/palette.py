"""Colours of operator kinds, told apart on light and dark ground and with every common colour blindness.

The palette is that of Wong 2011, Nature Methods 8:441.
"""

from llm_roofline.series.latency import KINDS

COLOURS = dict(zip(KINDS, ("#8C8C8C", "#E69F00", "#0072B2", "#D55E00", "#009E73", "#56B4E9", "#CC79A7"), strict=True))
"""Colour of each kind."""

TEXT_ON = dict(zip(KINDS, ("#000000", "#000000", "#FFFFFF", "#000000", "#000000", "#000000", "#000000"), strict=True))
"""Colour of text on each of them, at a contrast of at least 4.5."""
