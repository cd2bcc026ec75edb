"""The headline: the numbers that answer first, and the sentence made from them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ipywidgets import HTML

from llm_roofline.takeaway import binding, verdict
from llm_roofline.units import percent, quantity, significant

if TYPE_CHECKING:
    from .session import State


class Headline(HTML):
    """Tiles of TTFT, TPOT, throughput and memory, and what binds."""

    def __init__(self) -> None:
        super().__init__()
        self.add_class("llmv-headline")

    def draw(self, state: State) -> None:
        """Show a state."""
        e, scenario = state.estimate, state.scenario
        memory = e.memory
        used = memory.total_bytes / memory.capacity_bytes
        tiles = (
            ("time to first token", "TTFT", quantity(e.ttft, "s"), f"{e.prefill.bound}-bound prefill"),
            ("time per output token", "TPOT", quantity(e.tpot, "s"), f"{e.decode.bound}-bound decode"),
            (
                "output tokens of the batch a second",
                "tokens/s",
                significant(e.tokens_per_s),
                f"batch {scenario.workload.batch_size:,}",
            ),
        )
        boxes = "".join(
            f"<div class='llmv-tile' title='{title}'>"
            f"<span>{name}</span><b>{escape(value)}</b><small>{escape(note)}</small></div>"
            for title, name, value, note in tiles
        )
        over = "" if memory.fits else "llmv-over"
        meter = (
            f"<div class='llmv-tile llmv-memory {over}' title='memory at the longest context'>"
            f"<span>memory</span><b>{quantity(memory.total_bytes, 'B')} "
            f"<i>of {quantity(memory.capacity_bytes, 'B')}</i></b>"
            f"<div class='llmv-meter'><div style='width:{min(used, 1.0):.1%}'></div></div>"
            f"<small>{'fits' if memory.fits else 'does not fit'} · {percent(used)}</small></div>"
        )
        phases = (e.prefill, e.decode) if state.phase == "generate" else (getattr(e, state.phase),)
        sentences = [*(binding(phase) for phase in phases), verdict(memory), *e.notes]
        if e.encoder:
            sentences.insert(
                0, f"The encoder takes {quantity(e.encoder.time, 's')} before the prefill; it is not drawn."
            )
        model, device = escape(scenario.model.name), escape(scenario.hardware.title)
        title = f"<div class='llmv-title'><b>{model}</b> on <b>{device}</b></div>"
        self.value = f"{title}<div class='llmv-tiles'>{boxes}{meter}</div><p>{escape(' '.join(sentences))}</p>"
