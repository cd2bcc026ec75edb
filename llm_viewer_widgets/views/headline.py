"""The headline: the numbers that answer first, and the sentence made from them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ipywidgets import HTML

from llm_roofline.basics import percent, quantity, significant
from llm_roofline.estimates import QUANTITIES, shortage

from .sentences import sentences

if TYPE_CHECKING:
    from llm_roofline import Estimate

    from ..kernel.state import State


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
        boxes = "".join(
            f"<div class='llmv-tile' title='{title}'>"
            f"<span>{name}</span><b>{escape(value)}</b><small>{escape(note)}</small></div>"
            for title, name, value, note in _speeds(e)
        )
        over, devices = "" if memory.fits else "llmv-over", e.plan.devices
        each = f"memory of each of {devices:,} devices" if devices > 1 else "memory"
        meter = (
            f"<div class='llmv-tile llmv-memory {over}' title='memory at the longest context'>"
            f"<span>{each}</span><b>{quantity(memory.total_bytes, 'B')} "
            f"<i>of {quantity(memory.capacity_bytes, 'B')}</i></b>"
            f"<div class='llmv-meter'><div style='width:{min(used, 1.0):.1%}'></div></div>"
            f"<small>{'fits' if memory.fits else 'does not fit'} · {percent(used)}</small></div>"
        )
        model, device = escape(scenario.model.name), escape(scenario.hardware.title)
        many = f"{devices:,} x " if devices > 1 else ""
        title = f"<div class='llmv-title'><b>{model}</b> on <b>{many}{device}</b></div>"
        text = f"<p>{escape(' '.join(sentences(state)))}</p>"
        self.value = (
            f"<div class='llmv-head'><div>{title}{text}</div><div class='llmv-tiles'>{boxes}{meter}</div></div>"
        )


def _speeds(e: Estimate) -> tuple[tuple[str, str, str, str], ...]:
    """Title, name, value and note of each speed; of what does not fit no throughput, and times with that said."""
    *times, rate = fitting = _fitting(e)
    if not (lacks := shortage(e.memory)):
        return fitting
    return (*((title, name, value, "if it fitted") for title, name, value, _ in times), (*rate[:2], "–", lacks))


def _fitting(e: Estimate) -> tuple[tuple[str, str, str, str], ...]:
    """Title, name, value and note of each speed: of tokens, or of the steps and images of a diffusion transformer."""
    work = e.scenario.workload
    batch = f"batch {work.batch_size:,}"
    each = f" · {significant(e.tokens_per_s_per_device)} a device" if e.plan.devices > 1 else ""
    if not e.scenario.model.paradigm.grows:
        return (
            ("time of a denoising step", "one step", quantity(e.tpot, "s"), f"{e.decode.bound}-bound"),
            ("time of all steps", "all steps", quantity(e.latency, "s"), f"{work.output_tokens:,} steps"),
            ("images of the batch a second", "images/s", significant(work.batch_size / e.latency), batch),
        )
    notes = {
        "ttft": f"{e.prefill.bound}-bound",
        "tpot": f"{e.decode.bound}-bound",
        "tokens_per_s": batch + each,
    }
    named = ((QUANTITIES[name], note) for name, note in notes.items())
    return tuple((q.label, q.symbol, q.written(q.of(e)).removesuffix(f" {q.symbol}"), note) for q, note in named)
