"""Batching of messages: what the widgets of a board send while it is drawn goes to the browser as one message.

A message costs the kernel a copy, a signature and a hop to another thread, and the browser a drawing; a change of a
board is ten of them. Widgets, their states and their own messages stay as they are: updates are only taken off their
way, and only while a browser has said that it will deliver them to their models.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from ..browser.modules import module
from .one_at_a_time import one_at_a_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ipywidgets import Widget

_HERE = Path(__file__).parent


class MessageBatcher(anywidget.AnyWidget):
    """Sends updates of other widgets. It shows nothing."""

    _esm = module(_HERE / "message_batcher.js")

    leaving: traitlets.List[str] = traitlets.List().tag(sync=True)
    """Identifiers of the models that are about to be closed."""

    def __init__(self, **traits: Any) -> None:  # noqa: ANN401 - traits of ipywidgets
        self._ready: bool | None = None  # None before any browser has said a word
        self._parts: list[tuple[Widget, dict[str, Any], list[Any]]] | None = None
        self._batched: dict[Widget, set[str]] = defaultdict(set)
        super().__init__(**traits)
        self.on_msg(self._received)

    def take(self, widgets: Iterable[Widget]) -> None:
        """Batch what these widgets send from now on.

        Each sends through its comm, and that is where its updates are taken off: the classes are those of bqplot and
        ipywidgets, and neither has a hook between. In a kernel a slider's move takes 3.7 ms of the processor as one
        message and 5.5 ms as ten (medians of 105 in turn, ``tests/bench/_kernel.py``), and a browser draws once.

        Parameters
        ----------
        widgets : iterable of Widget
            All that the drawing of a board may change.
        """
        for widget in widgets:
            if widget is not self:
                widget.comm.send = partial(self._keep_or_send, widget, widget.comm.send)

    def let_draw(self, widgets: Iterable[Widget]) -> None:
        """Let a page draw widgets before it takes what is sent next: their closing, of which half a board would fail.

        Parameters
        ----------
        widgets : iterable of Widget
            All that is closed.
        """
        if self.comm is not None:
            self.leaving = [widget.model_id for widget in widgets if widget.comm is not None]
            self.comm.send({"method": "update", "state": {}, "buffer_paths": []})  # it is this one that waits

    @contextmanager
    def batch(self) -> Iterator[None]:
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
                updates = [(widget.model_id, data["state"], data["buffer_paths"]) for widget, data, _ in parts]
                # A string, since the kernel would search a structure for what JSON does not know.
                self.send({"parts": json.dumps(updates)}, [buffer for *_, buffers in parts for buffer in buffers])

    def _keep_or_send(
        self, widget: Widget, send: Callable[..., None], data: dict[str, Any], buffers: list[Any] | None = None
    ) -> None:
        """Keep an update for the one message, or let it go its own way."""
        if self._parts is None or data["method"] != "update":
            send(data=data, buffers=buffers)
        else:
            self._parts.append((widget, data, buffers or []))
            self._batched[widget] |= data["state"].keys()

    @one_at_a_time
    def _received(self, _: object, content: dict[str, Any], __: object) -> None:
        """Heed a browser that begins: whether it delivers, and that it may have missed what was batched before.

        One that cannot deliver may stand beside one that can; from then on nothing is batched.
        """
        if isinstance(content.get("ready"), bool):
            self._ready = content["ready"] and self._ready is not False
            batched, self._batched = self._batched, defaultdict(set)
            for widget, names in batched.items():
                widget.send_state(names)
