"""Colours of operator kinds, told apart on light and dark ground and with every common colour blindness.

The palette is that of Wong 2011, Nature Methods 8:441, its yellow darkened, with a purple from Tol 2021 and a brown
beside it.
"""

COLOURS = {
    "embedding": "#8C8C8C",
    "norm": "#E69F00",
    "attention projection": "#0072B2",
    "attention": "#D55E00",
    "state": "#AA3377",
    "mlp": "#009E73",
    "experts": "#B8A800",
    "elementwise": "#56B4E9",
    "head": "#CC79A7",
    "communication": "#6F4E37",
}
"""Colour of each kind."""

SHAPES = {"memory": "●", "compute": "■", "link": "▲"}
"""Shape of each bound, in text."""

_DARK = {"attention projection", "communication", "state"}  # kinds whose colour is dark

TEXT_ON = {kind: "#FFFFFF" if kind in _DARK else "#000000" for kind in COLOURS}
"""Colour of text on each of them, at a contrast of at least 4.5."""
