"""A logarithmic slider over whole numbers, with the number beside it to be typed."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from ipywidgets import BoundedIntText, HBox, IntSlider, Layout
from traitlets import Int

from llm_roofline.workload import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


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


class CountSlider(HBox):
    """A slider of stops, and a field that takes any whole number.

    Parameters
    ----------
    label : str
        Its name.
    largest : int
        The last stop [1].
    on_change : callable
        Called with the number that a person has chosen.
    """

    value = Int(1)

    def __init__(self, label: str, largest: int, on_change: Callable[[int], None]) -> None:
        self._stops = stops(largest)
        self._on_change = on_change
        self._showing = False
        self._slider = IntSlider(
            min=0,
            max=len(self._stops) - 1,
            readout=False,
            tooltip=label,
            layout=Layout(width="auto", flex="1 1 70px", min_width="60px"),
        )
        self._text = BoundedIntText(min=1, max=LARGEST, tooltip=label, layout=Layout(width="84px", flex="0 0 84px"))
        super().__init__(
            [self._slider, self._text],
            layout=Layout(width="auto", flex="1 1 200px", min_width="190px", align_items="center"),
        )
        self._slider.observe(self._slid, "value")
        self._text.observe(self._typed, "value")
        self.add_class("llmv-count")

    def _slid(self, change: dict[str, Any]) -> None:
        if not self._showing:
            self._on_change(self._stops[change["new"]])

    def _typed(self, change: dict[str, Any]) -> None:
        if not self._showing:
            self._on_change(change["new"])

    def show(self, value: int) -> None:
        """Bring slider and field to a value; a number between two stops shows at the nearer one.

        Parameters
        ----------
        value : int
            The number [1].
        """
        self.value = value
        right = min(bisect_left(self._stops, self.value), len(self._stops) - 1)
        left = max(right - 1, 0)
        near = left if self.value - self._stops[left] < self._stops[right] - self.value else right
        self._showing = True
        try:
            self._slider.value, self._text.value = near, self.value
        finally:
            self._showing = False
