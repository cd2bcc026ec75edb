"""The detail of the selected operator: formula, inserted numbers, source."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ipywidgets import HTML

from llm_roofline.estimates import shown

if TYPE_CHECKING:
    from ..kernel.state import State


class Detail(HTML):
    """The explanation of one operator in the phases that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.add_class("llmv-detail")

    def draw(self, state: State) -> None:
        """Show a state."""
        if state.selected is None:
            self.value = (
                "<p class='llmv-hint'>Select a point, a segment or a row to see where its numbers come from.</p>"
            )
            return
        phases = (part.phase for part in shown(state.estimate, state.phase))
        running = (phase for phase in phases if state.selected in phase.operators.name)
        texts = (f"{phase.name}: {phase.operators[state.selected].explain()}" for phase in running)
        self.value = "".join(f"<pre>{escape(text)}</pre>" for text in texts)
