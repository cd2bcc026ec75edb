"""A logarithmic slider over whole numbers, with the number beside it to be typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import traitlets
from ipywidgets import Layout

from ..browser.modules import module
from ..kernel.asked import Asked

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


class CountSlider(Asked):
    """A slider of stops, and a field that takes any number; one of two stops shows at the nearer one.

    ipywidgets has both, but its sliders have no name for a screen reader, and slider and field are two messages.

    Parameters
    ----------
    label : str
        Its name.
    largest : int
        The last stop [1].

    Attributes
    ----------
    on_ask : callable
        Called with what a person has typed or slid to, whatever number that is.
    """

    _esm = module(_HERE / "count_slider.js")
    _css = (_HERE / "count_slider.css").read_text(encoding="utf-8")

    label = traitlets.Unicode().tag(sync=True)
    stops: traitlets.List[int] = traitlets.List().tag(sync=True)
    value = traitlets.Any(1).tag(sync=True)
    """The number that is shown."""

    def __init__(self, label: str, largest: int) -> None:
        self.on_ask: Callable[[float], None] = lambda _: None
        super().__init__(
            label=label,
            stops=list(stops(largest)),
            layout=Layout(width="auto", flex="1 1 200px", min_width="190px"),
        )

    def asked(self, content: dict[str, Any]) -> None:
        """Pass on the number that a person would have."""
        if isinstance(content.get("value"), int | float):
            self.on_ask(content["value"])
