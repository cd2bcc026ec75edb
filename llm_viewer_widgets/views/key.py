"""The key of the charts: kinds by colour, and bounds by shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipywidgets import HTML

from llm_roofline.charts import COLOURS, KINDS, SHAPES
from llm_roofline.estimates import shown

if TYPE_CHECKING:
    from ..kernel.state import State


class Key(HTML):
    """What colours, shapes and sizes mean."""

    def __init__(self) -> None:
        super().__init__()
        self.add_class("llmv-key")

    def draw(self, state: State) -> None:
        """Show a state."""
        parts = shown(state.estimate, state.phase)
        present = {kind for part in parts for kind in part.phase.operators.kind}
        kinds = "".join(f"<i><b style='color:{COLOURS[k]}'>⬤</b>{k}</i> " for k in KINDS if k in present)
        once = "encoder, prefill" if "encoder" in {part.key for part in parts} else "prefill"
        phases = f"<i><b>○</b>{once} (hollow)</i> <i><b>●</b>decode (filled)</i>" if len(parts) > 1 else ""
        binding = {"memory", "compute"}.union(*(set(part.phase.operators.bound.tolist()) for part in parts))
        bounds = " ".join(f"<i><b>{shape}</b>{name}-bound</i>" for name, shape in SHAPES.items() if name in binding)
        gone = "<i><b>◌→</b>hollow: before the last switch</i>" if state.before else ""
        findings = "<i><b>①</b>a finding, yellow where it was written in this state</i>" if state.noted.items else ""
        self.value = f"{kinds}<br>{bounds} {phases} {gone} {findings} <i>area: share of the time</i>"
