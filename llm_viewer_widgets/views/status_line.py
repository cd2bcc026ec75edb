"""The status line: why a request was not carried out."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ipywidgets import HTML

if TYPE_CHECKING:
    from ..kernel.state import State


class StatusLine(HTML):
    """A sentence, announced to screen readers, or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.add_class("llmv-status")

    def draw(self, state: State) -> None:
        """Show a state."""
        self.value = f"<div role='alert'>{escape(state.status)}</div>" if state.status else ""
