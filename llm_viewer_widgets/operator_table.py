"""The operator list: a table that sorts, selects, and is the charts' twin in text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
import traitlets
from llm_roofline.series.points import shown
from llm_roofline.units import percent, quantity, significant

from .palette import COLOURS

if TYPE_CHECKING:
    from collections.abc import Callable

    from .session import State

_STATIC = Path(__file__).parent / "static"


class OperatorTable(anywidget.AnyWidget):
    """Rows of the operators of a phase.

    Parameters
    ----------
    on_select : callable
        Called with the name of an operator whose row was chosen.
    """

    _esm = (_STATIC / "operator_table.js").read_text(encoding="utf-8")
    _css = (_STATIC / "operator_table.css").read_text(encoding="utf-8")

    columns = traitlets.List().tag(sync=True)
    rows = traitlets.List().tag(sync=True)
    colours = traitlets.Dict(COLOURS).tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)

    def __init__(self, on_select: Callable[[str], None]) -> None:
        super().__init__(columns=["operator", "layers", "FLOP", "bytes", "FLOP/B", "time", "share"])
        self._on_select = on_select
        self.on_msg(self._received)

    def draw(self, state: State) -> None:
        """Show a state; a generation sums both phases."""
        parts = shown(state.estimate, state.phase)
        total = sum(part.time * times for part, times in parts)
        longest = max(sum(times * part.operators.time for part, times in parts))
        rows = []
        for i, name in enumerate(parts[0][0].operators.name):
            flops, moved, time = (
                sum(times * float(getattr(part.operators, column)[i]) for part, times in parts) for column in ("flops", "bytes", "time")
            )
            table = parts[-1][0].operators
            bounds = dict.fromkeys(str(part.operators.bound[i]) for part, _ in parts)
            intensity = flops / moved if moved else 0.0
            texts = [f"{int(table.count[i])}", quantity(flops, "", 3), quantity(moved, "B"), significant(intensity), quantity(time, "s")]
            sorts = [float(table.count[i]), flops, moved, intensity, time, time]
            row = {"name": name, "kind": table.kind[i], "bound": "/".join(bounds), "text": [*texts, percent(time / total)]}
            rows.append({**row, "sort": [float(f"{v:.6g}") for v in sorts], "share": round(time / longest, 3)})
        with self.hold_sync():
            self.rows = rows
            self.caption = f"Operators of {'a generation' if state.phase == 'generate' else state.phase}: all layers together"
            self.chosen = state.selected or ""

    def _received(self, _: object, content: object, __: object) -> None:
        name = content.get("select") if isinstance(content, dict) else None
        if isinstance(name, str):
            self._on_select(name)
