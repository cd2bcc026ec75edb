"""One board for many tests: what its objects hold is remembered when it is made, and put back for each test.

To make a board takes 60 ms of the processor, as a hundred widgets do, and to put it back 1 ms.
"""

from __future__ import annotations

from typing import Any

from ipywidgets.widgets.widget import _instances

from llm_roofline.findings import Findings
from llm_viewer_widgets import LLMViewer
from llm_viewer_widgets.kernel.lifecycle import tree

OWNERS = {"llm_viewer_widgets", "ipywidgets", "bqplot", "bqscales", "anywidget"}
"""Packages whose objects are put back; those of the core are frozen, but for a list of findings."""


def open_widgets() -> set[str]:
    """Identifiers of the widgets that are open."""
    return set(_instances)


class Lent:
    """A board for Llama-3.1-8B on an H100, made where there is none and as it was then."""

    def __init__(self) -> None:
        self._board: LLMViewer | None = None
        self._widgets: set[str] = set()
        self._held: list[tuple[Any, Any]] = []

    def board(self) -> LLMViewer:
        """The board, which a test may change as it likes."""
        if self._board is None or self._board.comm is None:  # a test has closed it
            self._board = LLMViewer()
            self._widgets = {widget.model_id for widget in tree(self._board)}
            self._held = held_by(self._board)
        put_back(self._held)
        return self._board

    def close_others(self) -> None:
        """Close every widget but those of the board."""
        for name, widget in list(_instances.items()):
            if name not in self._widgets:
                widget.close()


def held_by(root: object) -> list[tuple[Any, Any]]:
    """Every container and object that one leads to, each with a copy of what it holds."""
    found: dict[int, tuple[Any, Any]] = {}
    pending = [root]
    while pending:
        value = pending.pop()
        if id(value) in found:
            continue
        if isinstance(value, dict | list | set | tuple):
            held = value.copy() if not isinstance(value, tuple) else value
            pending += value.values() if isinstance(value, dict) else value
        elif type(value).__module__.split(".")[0] in OWNERS or isinstance(value, Findings):
            held = dict(vars(value))
            pending += held.values()
        else:
            continue
        found[id(value)] = value, held
    return list(found.values())


def put_back(held: list[tuple[Any, Any]]) -> None:
    """Let each hold again what it held."""
    for value, before in held:
        if isinstance(value, list):
            value[:] = before
        elif not isinstance(value, tuple):
            now = value if isinstance(value, dict | set) else vars(value)
            now.clear()
            now.update(before)
