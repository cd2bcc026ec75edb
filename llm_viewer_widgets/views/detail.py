"""What there is to explain: of the selected operator formula, inserted numbers and source, else what is said of all."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ipywidgets import HTML

from llm_roofline.estimates import shown

from .sentences import sentences

if TYPE_CHECKING:
    from ..kernel.state import State


HINT = "Select a point, a segment or a row to see where its numbers come from."


class Detail(HTML):
    """The explanation of one operator in the phases that are shown, or the sentences of the headline one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.add_class("llmv-detail")

    def draw(self, state: State) -> None:
        """Show a state."""
        if state.selected is None:
            said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences(state))
            self.value = f"{said}<p class='llmv-hint'>{HINT}</p>"
            return
        phases = (part.phase for part in shown(state.estimate, state.phase))
        running = (phase for phase in phases if state.selected in phase.operators.name)
        texts = (f"{phase.name}: {phase.operators[state.selected].explain()}" for phase in running)
        self.value = "".join(f"<pre>{escape(text)}</pre>" for text in texts)
