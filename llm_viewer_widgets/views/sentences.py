"""What there is to say about a state, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llm_roofline.basics import quantity
from llm_roofline.estimates import binding, payoff, shown, verdict

if TYPE_CHECKING:
    from ..kernel.state import State


def sentences(state: State) -> tuple[str, ...]:
    """What binds each pass that is shown, what techniques pay, whether it fits, and what a reader should know."""
    e = state.estimate
    phases = [part.phase for part in shown(e, state.phase)]
    said = [*(binding(phase) for phase in phases), *payoff(e), verdict(e.memory), *e.notes]
    if e.encoder and e.encoder not in phases:
        said.insert(0, f"The encoder takes {quantity(e.encoder.time, 's')} before the prefill.")
    return tuple(said)
