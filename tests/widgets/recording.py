"""A comm that remembers what a browser would get, and the browser's side of a control.

Installed in place of ``comm.create_comm`` (see ``conftest.py``); knows nothing of pytest.
"""

from __future__ import annotations

import gc
import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from comm.base_comm import BaseComm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipywidgets import Widget


_requests = itertools.count(1)


@dataclass(frozen=True)
class Message:
    """One message of a widget to its browser.

    Parameters
    ----------
    comm : str
        Identifier of the widget's model.
    kind : str
        ``"open"``, ``"update"``, ``"echo_update"``, ``"custom"`` or ``"close"``.
    state : dict
        What it carries, binary parts left out; the content of a custom message.
    size : int
        Length of its content and of its binary parts, without the protocol's headers [byte].
    """

    comm: str
    kind: str
    state: dict[str, Any]
    size: int


@dataclass
class Recorder:
    """What has been sent since it was last cleared, but for what widgets say as they are collected as garbage.

    Those are of other tests, and their time is any.
    """

    messages: list[Message] = field(default_factory=list)
    collecting: bool = False

    def __post_init__(self) -> None:
        gc.callbacks.append(self._collects)

    def _collects(self, phase: str, _: object) -> None:
        self.collecting = phase == "start"

    def create_comm(self, **keywords: Any) -> BaseComm:
        """Make a comm that reports here; takes the place of ``comm.create_comm``."""
        return Recording(self, **keywords)

    def note(self, comm: str, message_type: str, data: dict[str, Any], buffers: list[Any]) -> None:
        if self.collecting:
            return
        kind = message_type.removeprefix("comm_")
        size = len(json.dumps(data)) + sum(memoryview(part).nbytes for part in buffers)
        self.messages.append(
            Message(
                comm, data.get("method", kind) if kind == "msg" else kind, data.get("state", data.get("content")), size
            )
        )

    def clear(self) -> None:
        self.messages.clear()

    def updates(self, widget: Widget | None = None) -> list[Message]:
        """Changed states that were sent, of one widget or of all."""
        return [m for m in self.messages if m.kind == "update" and (widget is None or m.comm == widget.model_id)]

    @property
    def bytes(self) -> int:
        """Length of everything [byte]."""
        return sum(message.size for message in self.messages)


class Recording(BaseComm):
    """A comm whose messages go to a recorder."""

    def __init__(self, recorder: Recorder, **keywords: Any) -> None:
        self._recorder = recorder
        super().__init__(**keywords)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):  # noqa: ARG002 - as in BaseComm
        self._recorder.note(self.comm_id, msg_type, data or {}, buffers or [])


def browser_sets(widget: Widget, **state: Any) -> None:
    """Change a widget as its browser does: by a message, not by an assignment."""
    _receive(widget, {"method": "update", "state": state, "buffer_paths": []})


def browser_sends(widget: Widget, **content: Any) -> None:
    """Send a widget a message of its own, such as a click."""
    _receive(widget, {"method": "custom", "content": content})


def browser_asks(widget: Widget, **content: Any) -> str:
    """Ask a widget for a change as its page does, and return the name of the request."""
    request = f"page-{next(_requests)}"
    browser_sends(widget, request=request, **content)
    return request


def click(mark: Widget, **data: Any) -> None:
    """Click an element of a mark of bqplot."""
    browser_sends(mark, event="element_click", data=data)


def hover(mark: Widget, **data: Any) -> None:
    """Move the mouse over an element of a mark of bqplot."""
    browser_sends(mark, event="hover", **data)


def arrays(state: Any) -> Iterator[dict[str, Any]]:
    """Descriptions of the binary arrays in a message's state."""
    if isinstance(state, dict):
        if "dtype" in state:
            yield state
        for value in state.values():
            yield from arrays(value)
    elif isinstance(state, list | tuple):
        for value in state:
            yield from arrays(value)


def _receive(widget: Widget, data: dict[str, Any]) -> None:
    widget.comm.handle_msg({"content": {"data": data}, "buffers": []})
