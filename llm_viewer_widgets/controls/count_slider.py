"""A logarithmic slider over whole numbers, with the number beside it to be typed."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets
from ipywidgets import Layout

_HERE = Path(__file__).parent


def stops(largest: int) -> tuple[int, ...]:
    """Whole numbers from 1 on at which a slider stops: powers of two and the middles between them [1].

    Parameters
    ----------
    largest : int
        The last stop [1].

    Examples
    --------
    >>> stops(16)
    (1, 2, 3, 4, 6, 8, 12, 16)
    """
    powers = [2**k for k in range(largest.bit_length()) if 2**k <= largest]
    return tuple(sorted({*powers, *(3 * p // 2 for p in powers if p > 1 and 3 * p // 2 <= largest)}))


class CountSlider(anywidget.AnyWidget):
    """A slider of stops, and a field that takes any number; one of two stops shows at the nearer one.

    ipywidgets has both, but its sliders have no name for a screen reader, and slider and field are two messages.

    Parameters
    ----------
    label : str
        Its name.
    largest : int
        The last stop [1].
    """

    _esm = (_HERE / "count_slider.js").read_text(encoding="utf-8")
    _css = (_HERE / "count_slider.css").read_text(encoding="utf-8")

    label = traitlets.Unicode().tag(sync=True)
    stops: traitlets.List[int] = traitlets.List().tag(sync=True)
    value = traitlets.Any(1).tag(sync=True)
    """The number that is shown, or what a person has typed: whoever observes it says what is accepted."""

    def __init__(self, label: str, largest: int) -> None:
        super().__init__(
            label=label,
            stops=list(stops(largest)),
            layout=Layout(width="auto", flex="1 1 200px", min_width="190px"),
        )
