"""The carrier: what the widgets of a board send while it is drawn goes to the browser as one message.

A message costs the kernel a copy, a signature and a hop to another thread, and the browser a drawing; a change of a
board is ten of them. Widgets, their states and their own messages stay as they are: the carrier only takes updates off
their way, and only while a browser has said that it will deliver them to their models.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget

from .browser.modules import module

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipywidgets import Widget

_STATIC = Path(__file__).parent / "static"


class Carrier(anywidget.AnyWidget):
    """Carries updates of other widgets. It shows nothing."""

    _esm = module(_STATIC / "carrier.js")

    def __init__(self, **traits: Any) -> None:  # noqa: ANN401 - traits of ipywidgets
        self._ready: bool | None = None  # None before any browser has said a word
        self._parts: list[tuple[Widget, dict[str, Any], list[Any]]] | None = None
        self._carried: dict[Widget, set[str]] = defaultdict(set)
        super().__init__(**traits)
        self.on_msg(self._received)

    def take(self, widgets: Iterable[Widget]) -> None:
        """Carry what these widgets send from now on.

        Parameters
        ----------
        widgets : iterable of Widget
            All that the drawing of a board may change.
        """
        for widget in widgets:
            if widget is not self:
                widget._send = partial(self._keep, widget)  # noqa: SLF001 - through which a widget sends everything

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send as one message what the widgets send meanwhile."""
        if not self._ready or self._parts is not None:
            yield
            return
        self._parts = []
        try:
            yield
        finally:
            parts, self._parts = self._parts, None
            if parts:
                told = [(w.model_id, message["state"], message["buffer_paths"]) for w, message, _ in parts]
                # A string, since the kernel would search a structure for what JSON does not know.
                self.send({"parts": json.dumps(told)}, [buffer for *_, buffers in parts for buffer in buffers])

    def _keep(self, widget: Widget, message: dict[str, Any], buffers: list[Any] | None = None) -> None:
        """Keep an update for the one message, or let it go its own way."""
        if self._parts is None or message["method"] != "update":
            type(widget)._send(widget, message, buffers)  # noqa: SLF001 - as it would have without a carrier
        else:
            self._parts.append((widget, message, buffers or []))
            self._carried[widget] |= message["state"].keys()

    def _received(self, _: object, content: dict[str, Any], __: object) -> None:
        """Heed a browser that begins: whether it delivers, and that it may have missed what was carried before.

        One that cannot deliver may stand beside one that can; from then on nothing is carried.
        """
        if isinstance(content.get("ready"), bool):
            self._ready = content["ready"] and self._ready is not False
            carried, self._carried = self._carried, defaultdict(set)
            for widget, names in carried.items():
                widget.send_state(names)
