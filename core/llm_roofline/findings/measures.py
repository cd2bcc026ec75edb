"""Quantities that can be measured where a finding is pinned: their values are those of an estimate and a pin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..basics import RooflineError, UnknownNameError, did_you_mean
from ..charts import formats_in_use
from ..devices import product_peaks
from ..estimates import COLUMNS, PHASE, QUANTITIES, RESOURCES, Quantity, offered

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ..estimates import Estimate, OperatorRow, Phase
    from .pin import Pin

Value = float | bool | str


def _at(entry: Quantity, place: Callable[[Estimate, Pin], object]) -> Quantity:
    """A quantity of an estimate and a pin, of what is at a place of the estimate that the pin names."""
    return replace(entry, of=lambda e, pin: entry.of(place(e, pin)))


_TOTALS = {name: _at(entry, lambda e, _: e) for name, entry in QUANTITIES.items()}
_OF_PHASE = {
    **{name: _at(PHASE[name], lambda e, pin: _pass(e, pin.phase)) for name in PHASE if name != "steps"},
    "arithmetic_intensity": Quantity(
        "FLOP/byte",
        "intensity of the phase",
        lambda e, pin: _pass(e, pin.phase).flops / _pass(e, pin.phase).bytes,
        "FLOP/B",
    ),
}
_COLUMNS = (
    "share",
    "bound",
    "time",
    "arithmetic_intensity",
    "flops",
    "bytes",
    "attainable_flops_per_s",
    "achieved_flops_per_s",
    "compute_time",
    "memory_time",
    "compute_format",
)
_OF_OPERATOR = {name: _at(COLUMNS[name], lambda e, pin: _row(e, pin)) for name in _COLUMNS}  # noqa: PLW0108 - defined below
_OF_REGION = {
    "operators": Quantity("1", "operators in the region", lambda e, pin: float(_inside(e, pin).sum()), "operators"),
    "share": replace(
        COLUMNS["share"],
        label="share of the phase's time in the region",
        of=lambda e, pin: float(_pass(e, pin.phase).operators.share[_inside(e, pin)].sum()),
    ),
}
_OF_CROSSING = {
    "ridge_point": Quantity(
        "FLOP/byte", "ridge point", lambda e, pin: _peak(e, pin) / e.scenario.hardware.memory_bandwidth, "ridge"
    ),
    "peak_flops_per_s": Quantity("FLOP/s", "peak", lambda e, pin: _peak(e, pin), "peak"),  # noqa: PLW0108 - as above
    "memory_bandwidth": Quantity(
        "byte/s", "memory bandwidth", lambda e, _: e.scenario.hardware.memory_bandwidth, "bandwidth"
    ),
}
MEASURES: dict[str, dict[str, Quantity]] = {
    "operator": {**_OF_OPERATOR, **_TOTALS},
    "phase": {**_OF_PHASE, **_TOTALS},
    "region": {**_OF_REGION, **_TOTALS},
    "crossing": {**_OF_CROSSING, **_TOTALS},
    "state": _TOTALS,
}
"""For each kind of pin what can be measured there, by name."""
USUAL = {
    "operator": ("share", "bound"),
    "phase": ("time", "bound"),
    "region": ("operators", "share"),
    "crossing": ("ridge_point",),
    "state": ("ttft", "tpot"),
}
"""Names of the quantities that a claim rests on where nobody has chosen."""
WORDS = {"bound": tuple(RESOURCES)}
"""Words that a quantity of text can be."""


def measure(pin: Pin, name: str) -> Quantity:
    """Quantity of a name where something is pinned.

    Parameters
    ----------
    pin : Pin
        Where to measure.
    name : str
        Name of the quantity, one of :data:`MEASURES` for the pin.

    Raises
    ------
    UnknownNameError
        If nothing of that name can be measured there.
    """
    known = MEASURES[pin.kind]
    if name not in known:
        raise UnknownNameError(
            f"Unknown quantity {name!r}.{did_you_mean(str(name), known)} Accepted are {', '.join(known)}."
        )
    return known[name]


def measured(estimate: Estimate, pin: Pin, name: str) -> Value:
    """Value of a quantity in an estimate, in its own unit.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    pin : Pin
        Where to measure.
    name : str
        Name of the quantity, one of :data:`MEASURES` for the pin.

    Raises
    ------
    RooflineError
        If the estimate has no such quantity, phase or operator.
    """
    value = measure(pin, name).of(estimate, pin)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    return value if isinstance(value, str) else float(value)


def refuse_absent(estimate: Estimate, pin: Pin) -> None:
    """Refuse a pin on a phase or an operator that an estimate does not have.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    pin : Pin
        Where something is pinned.

    Raises
    ------
    RooflineError
        If it is not there; the sentence says what is.
    """
    if pin.operator:
        _row(estimate, pin)
    elif pin.phase:
        _pass(estimate, pin.phase)


def _pass(estimate: Estimate, phase: str) -> Phase:
    phases = [name for name in offered(estimate) if name != "generate"]
    if phase not in phases:
        raise RooflineError(f"{estimate.scenario.model.name} has no phase {phase!r} here; it has {', '.join(phases)}.")
    passed: Phase = getattr(estimate, phase)
    return passed


def _row(estimate: Estimate, pin: Pin) -> OperatorRow:
    return _pass(estimate, pin.phase).operators[pin.operator]


def _inside(estimate: Estimate, pin: Pin) -> NDArray[np.bool_]:
    table = _pass(estimate, pin.phase).operators
    x, y, (left, right, low, high) = table.arithmetic_intensity, table.achieved_flops_per_s, pin.region
    inside: NDArray[np.bool_] = (table.flops > 0) & (left <= x) & (x <= right) & (low <= y) & (y <= high)
    return inside


def _peak(estimate: Estimate, pin: Pin) -> float:
    device, (used, *_) = next(iter(formats_in_use([_pass(estimate, pin.phase).operators]).items()))
    peaks = product_peaks(device)
    if used not in peaks:
        raise RooflineError(f"{device.name} has no roof of its own for {used}.")
    return peaks[used]
