"""What a new finding can be pinned to in the state that is shown, and what can be measured there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llm_roofline import RooflineError
from llm_roofline.estimates import shown
from llm_roofline.findings import MEASURES, USUAL, Pin, measured

if TYPE_CHECKING:
    from ..kernel.state import State

WHOLE_PLANE = (0.0, 1e9, 0.0, 1e21)
"""A region that leaves nothing out: intensities [FLOP/byte] and performances [FLOP/s]."""


def offered_pins(state: State, region: tuple[float, ...] = ()) -> dict[str, Pin]:
    """Pins by their names for people, the likeliest first.

    Parameters
    ----------
    state : State
        What is shown.
    region : tuple of float
        The region that was asked for last, shape ``(4,)``; empty for the whole plane [FLOP/byte, FLOP/s].
    """
    passes = [part.key for part in shown(state.estimate, state.phase)][::-1]
    tables = {key: getattr(state.estimate, key).operators for key in passes}
    pins = [
        *(
            Pin("operator", key, state.selected)
            for key in passes
            if state.selected is not None and state.selected in tables[key].name
        ),
        Pin("state"),
        *(Pin("phase", key) for key in passes),
        Pin("crossing", passes[0]),
        Pin("region", passes[0], region=region or WHOLE_PLANE),
    ]
    return {pin.title: pin for pin in pins}


def offered_measures(state: State, pin: Pin) -> list[list[Any]]:
    """Name, meaning, value and whether it is usual, of everything that can be measured at a pin.

    Parameters
    ----------
    state : State
        What is shown.
    pin : Pin
        Where.
    """
    measures = []
    for name, measure in MEASURES[pin.kind].items():
        try:
            value = measure.written(measured(state.estimate, pin, name))
        except RooflineError:
            continue
        measures.append([name, measure.label, value, name in USUAL[pin.kind]])
    return measures
