"""What can be measured where a finding is pinned: named quantities, their units, and how an estimate gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..basics import WRITTEN, RooflineError, UnknownNameError, did_you_mean, percent, quantity, significant
from ..charts import active_format
from ..estimates import QUANTITIES, RESOURCES, offered

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ..estimates import Estimate, OperatorRow, Phase
    from .pin import Pin

Value = float | bool | str
TEXT, TRUTH, SHARE = "text", "truth", "share"
"""Units of what is a word, of what is true or false, and of a part of a whole."""


class Measure(NamedTuple):
    """A quantity that a claim may rest on.

    Parameters
    ----------
    unit : str
        Its unit; :data:`TEXT`, :data:`TRUTH` or :data:`SHARE` for what has none.
    meaning : str
        Its name for people.
    of : callable
        Its value in an estimate, given where it is pinned.
    """

    unit: str
    meaning: str
    of: Callable[[Estimate, Pin], Value]


def _operator(unit: str, meaning: str, column: str) -> Measure:
    return Measure(unit, meaning, lambda e, pin: getattr(_row(e, pin), column))


def _phase(unit: str, meaning: str, of: Callable[[Phase], Value]) -> Measure:
    return Measure(unit, meaning, lambda e, pin: of(_pass(e, pin.phase)))


def _total(name: str) -> Measure:
    unit, meaning, of = QUANTITIES[name]
    return Measure(TRUTH if name == "fits" else unit, meaning, lambda e, _: of(e))


_TOTALS = {name: _total(name) for name in QUANTITIES}
_OF_PHASE = {
    "time": _phase("s", "time of the phase", lambda p: p.time),
    "bound": _phase(TEXT, "bound of the phase", lambda p: p.bound),
    "memory_bound_share": _phase(SHARE, "share of the time in memory-bound operators", lambda p: p.memory_bound_share),
    "flops": _phase("FLOP", "work of the phase", lambda p: p.flops),
    "bytes": _phase("byte", "traffic of the phase", lambda p: p.bytes),
    "arithmetic_intensity": _phase("FLOP/byte", "intensity of the phase", lambda p: p.flops / p.bytes),
}
_OF_OPERATOR = {
    "share": _operator(SHARE, "share of the phase's time", "share"),
    "bound": _operator(TEXT, "bound", "bound"),
    "time": _operator("s", "time", "time"),
    "arithmetic_intensity": _operator("FLOP/byte", "intensity", "arithmetic_intensity"),
    "flops": _operator("FLOP", "work", "flops"),
    "bytes": _operator("byte", "traffic", "bytes"),
    "attainable_flops_per_s": _operator("FLOP/s", "attainable performance", "attainable_flops_per_s"),
    "achieved_flops_per_s": _operator("FLOP/s", "performance", "achieved_flops_per_s"),
    "compute_time": _operator("s", "compute time", "compute_time"),
    "memory_time": _operator("s", "memory time", "memory_time"),
    "compute_format": _operator(TEXT, "compute format", "compute_format"),
}
_OF_REGION = {
    "operators": Measure("1", "operators in the region", lambda e, pin: float(_inside(e, pin).sum())),
    "share": Measure(
        SHARE,
        "share of the phase's time in the region",
        lambda e, pin: float(_pass(e, pin.phase).operators.share[_inside(e, pin)].sum()),
    ),
}
_OF_CROSSING = {
    "ridge_point": Measure(
        "FLOP/byte", "ridge point", lambda e, pin: _peak(e, pin) / e.scenario.hardware.memory_bandwidth
    ),
    "peak_flops_per_s": Measure("FLOP/s", "peak", lambda e, pin: _peak(e, pin)),  # noqa: PLW0108 - defined below
    "memory_bandwidth": Measure("byte/s", "memory bandwidth", lambda e, _: e.scenario.hardware.memory_bandwidth),
}
MEASURES: dict[str, dict[str, Measure]] = {
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
"""What a claim rests on where nobody has chosen."""
WORDS = {"bound": tuple(RESOURCES)}
"""Words that a quantity of text can be."""


def measure(pin: Pin, name: str) -> Measure:
    """Quantity of a name where something is pinned.

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
    """Value of a quantity in an estimate, in the unit of its :class:`Measure`.

    Raises
    ------
    RooflineError
        If the estimate has no such quantity, phase or operator.
    """
    value = measure(pin, name).of(estimate, pin)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    return value if isinstance(value, str) else float(value)


def written(value: Value, unit: str) -> str:
    """Text of a value for people."""
    if isinstance(value, str):
        return value
    if unit == TRUTH or isinstance(value, bool):
        return "yes" if value else "no"
    if unit == SHARE:
        return percent(value)
    if unit == "1":
        return f"{value:,.0f}" if value == round(value) else significant(value)
    return f"{significant(value)} /s" if unit == "1/s" else quantity(value, WRITTEN.get(unit, unit))


def _pass(estimate: Estimate, phase: str) -> Phase:
    found = [name for name in offered(estimate) if name != "generate"]
    if phase not in found:
        raise RooflineError(f"{estimate.scenario.model.name} has no phase {phase!r} here; it has {', '.join(found)}.")
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
    used, device = active_format(_pass(estimate, pin.phase).operators), estimate.scenario.hardware
    if used not in device.peak_flops_per_s:
        raise RooflineError(f"{device.name} has no roof of its own for {used}.")
    return device.peak_flops_per_s[used]
