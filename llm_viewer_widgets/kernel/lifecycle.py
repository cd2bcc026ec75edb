"""The life of a board: everything it made is closed with it, and a cell that runs again replaces its boards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anywidget import AnyWidget
from ipywidgets import Widget

from .message_batcher import MessageBatcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_boards: dict[str, tuple[str, list[Widget]]] = {}
"""For each notebook cell its last execution and the boards that this made."""


def tree(widget: Widget) -> list[Widget]:
    """A widget and every widget that it refers to, each once."""
    widgets: dict[int, Widget] = {}
    pending = [widget]
    while pending:
        current = pending.pop()
        if id(current) not in widgets:
            widgets[id(current)] = current
            pending += [child for name in current.keys for child in _widgets(getattr(current, name, None))]
    return list(widgets.values())


def _widgets(value: Any) -> Iterator[Widget]:  # noqa: ANN401 - the value of any trait
    if isinstance(value, Widget):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _widgets(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _widgets(item)


def close_when_built(widgets: Sequence[Widget]) -> None:
    """Close widgets; a page that still builds or draws them does that first.

    A page takes messages one after the other, and a message to a model of anywidget waits for its module to be loaded.
    Closing does not: a model that is gone before its module has come fails two seconds later. So each is told nothing
    at all before it is closed. What is closed while it is drawn fails as well, so that the batcher waits for that.

    Parameters
    ----------
    widgets : sequence of Widget
        What is closed, in this order.
    """
    for widget in widgets:
        if isinstance(widget, MessageBatcher):
            widget.let_draw(widgets)
    for widget in widgets:
        if isinstance(widget, AnyWidget) and widget.comm is not None:
            widget.comm.send({"method": "update", "state": {}, "buffer_paths": []})
        widget.close()


def replace_boards_of_this_cell(board: Widget) -> list[Widget]:
    """Close the boards that an earlier execution of the running cell made, and return them; none outside a notebook."""
    cell, execution = running_cell()
    if cell is None:
        return []
    before, boards = _boards.get(cell, ("", []))
    closed = boards if before != execution else []
    for old in closed:
        old.close()
    _boards[cell] = execution, [*(boards if before == execution else ()), board]
    return closed


def running_cell() -> tuple[str | None, str]:
    """Identifier of the cell that runs and of this execution of it, as the front end sent them."""
    try:
        from IPython import get_ipython  # noqa: PLC0415 - present wherever cells are
    except ImportError:
        return None, ""
    parent: dict[str, dict[str, str]] = getattr(get_ipython(), "get_parent", dict)()
    return parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id", "")
