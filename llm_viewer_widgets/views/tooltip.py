"""The tooltip of a point."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from llm_roofline.basics import percent, quantity, significant

if TYPE_CHECKING:
    from llm_roofline.charts import Point

    from ..kernel.state import State


def tooltip(state: State, point: Point) -> str:
    """Text of a point: work, traffic, intensity, attainable performance, time and share."""
    row = getattr(state.estimate, point.phase).operators[point.name]
    lines = (
        ("FLOP", quantity(row.flops, "FLOP")),
        ("bytes", quantity(row.bytes, "B")),
        ("intensity", f"{significant(row.arithmetic_intensity)} FLOP/B"),
        ("attainable", quantity(row.attainable_flops_per_s, "FLOP/s")),
        ("time", quantity(row.time, "s")),
        ("share", percent(point.share)),
    )
    cells = "".join(f"<tr><th>{name}</th><td>{escape(text)}</td></tr>" for name, text in lines)
    where = f"{point.phase.replace('_', ' ')} · {point.bound}-bound"
    return f"<b>{escape(point.name)}</b> · {where}<table class='llmv-tip'>{cells}</table>"
