"""The operator list: a table that sorts, selects, and is the charts' twin in text."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from llm_roofline.basics import percent, quantity, significant
from llm_roofline.charts import COLOURS, together, without_work
from llm_roofline.estimates import shown

from ..browser.modules import module
from ..kernel.asked import Asked

if TYPE_CHECKING:
    from ..kernel.state import State

_HERE = Path(__file__).parent


_WRITERS: tuple[Callable[[float], str], ...] = (
    lambda layers: f"{layers:.0f}",
    lambda flops: quantity(flops, ""),
    lambda moved: quantity(moved, "B"),
    significant,
    lambda time: quantity(time, "s"),
    percent,
)
"""How each column is written for people."""


class OperatorTable(Asked):
    """Rows of the operators of a phase.

    Parameters
    ----------
    on_select : callable
        Called with the name of the operator whose row is to be selected; empty for none.
    """

    _esm = module(_HERE / "operator_table.js")
    _css = (_HERE / "operator_table.css").read_text(encoding="utf-8")

    columns: traitlets.List[str] = traitlets.List().tag(sync=True)
    operators = traitlets.Unicode("[]").tag(sync=True)
    """JSON of names and kinds; a string travels without being searched for buffers, and these change with the model."""
    texts = traitlets.Unicode().tag(sync=True)
    """Bound and cells of each operator, between tabs."""
    numbers = traitlets.Bytes().tag(sync=True)
    """The cells' numbers, by which rows are sorted: float64, shape ``(column, op)``."""
    colours = traitlets.Dict(COLOURS).tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)

    def __init__(self, on_select: Callable[[str], None]) -> None:
        super().__init__(
            columns=["operator", "layers", "FLOP", "bytes", "FLOP/B", "time", "share"],
        )
        self._on_select = on_select

    def draw(self, state: State) -> None:
        """Show a state; a generation sums its passes."""
        names, kinds, bounds, layers, flops, moved, time = together(state.estimate, state.phase)
        intensity = np.divide(flops, moved, out=np.zeros_like(flops), where=moved > 0)
        columns = np.array((layers, flops, moved, intensity, time, time / time.sum()))
        passes = [part.phase.name for part in shown(state.estimate, state.phase)]
        cells = (map(write, column) for write, column in zip(_WRITERS, columns.tolist(), strict=True))
        self.show(
            operators=_listed(names, kinds),
            texts="\n".join(map("\t".join, zip(bounds, *cells, strict=True))),
            numbers=columns.tobytes(),
            caption=f"Operators of {' and '.join(passes)}: all layers together.{_absent(state)}",
            chosen=state.selected or "",
        )

    def asked(self, content: dict[str, Any]) -> None:
        """Select a row."""
        if isinstance(content.get("select"), str):
            self._on_select(content["select"])


def _absent(state: State) -> str:
    """What has no point on the roofline."""
    idle = without_work(state.estimate, state.phase)
    return f" Without FLOP, and so not on the roofline: {', '.join(idle)}." if idle else ""


@lru_cache(maxsize=1)
def _listed(names: tuple[str, ...], kinds: tuple[str, ...]) -> str:
    return json.dumps(list(zip(names, kinds, strict=True)))
