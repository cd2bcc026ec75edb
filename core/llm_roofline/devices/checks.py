"""What every device holds to, of the catalogue or not: figures that code can compute with."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field
from numbers import Real
from types import MappingProxyType
from typing import Any

from ..basics import HardwareError, did_you_mean, shown
from ..formats import COMPUTE_FORMATS

# A peak of any other name would never be read. Those with fp16 sums count where a technique says so; nothing computes
# in fp64, which is a fact of the device.
PEAKS = {
    "peak_flops_per_s": (*COMPUTE_FORMATS, "fp64", "fp16_acc16", "fp8_acc16"),
    "vector_flops_per_s": ("fp32", "fp16"),
}
"""Fields that hold a figure for each of some formats, and these formats."""
CONFIDENCES = ("datasheet", "derived", "secondary", "what-if")
"""How sure figures are: the vendor states them, they follow from what it states, others state them, or nobody does."""
_NUMBERS = (
    "memory_bytes",
    "memory_bandwidth",
    "l2_bytes",
    "l3_bytes",
    "local_memory_bytes",
    "register_bytes",
    "multiprocessors",
    "interconnect_bandwidth",
    "tdp",
)
_YEARS = range(1900, 2200)


def checked(device: str, figure: Field[Any], value: object) -> object:
    """Value of a figure as a device keeps it.

    Parameters
    ----------
    device : str
        Name of the device, for messages.
    figure : Field
        Which figure.
    value : object
        What was given for it.

    Raises
    ------
    HardwareError
        If the value is not accepted.
    """
    name, what = figure.name, f"{device}: '{figure.name}'"
    if name in PEAKS:
        return _peaks(device, name, value)
    if name in _NUMBERS:
        return None if value is None and figure.default is None else _positive(what, value)
    if name == "aliases":
        return _texts(what, value)
    if name == "year":
        return _year(what, value)
    if not isinstance(value, str) or (not value and figure.default is MISSING):
        raise HardwareError(f"{name!r} of a device must be a text (got {shown(value)}).")
    if name == "peaks" and value != "dense":
        raise HardwareError(f"{what} must be 'dense', not with sparsity (got {shown(value)}).")
    if name == "confidence" and value not in CONFIDENCES:
        accepted = ", ".join(map(repr, CONFIDENCES))
        raise HardwareError(f"{what} must be one of {accepted} (got {shown(value)}).")
    return value


def refuse_unknown(figures: Mapping[str, object], names: Sequence[str]) -> None:
    """Refuse names of figures that are not among those accepted.

    Raises
    ------
    HardwareError
        If one is unknown; names the nearest.
    """
    for name in figures:
        if name not in names:
            near = did_you_mean(name, names)
            raise HardwareError(f"Unknown figure {shown(name)}.{near} Accepted are {', '.join(names)}.")


def mapping(device: str, name: str, value: object) -> Mapping[object, object]:
    """Value of a figure that has one for each format, not yet looked at.

    Raises
    ------
    HardwareError
        If it is no mapping.
    """
    if not isinstance(value, Mapping):
        raise HardwareError(f"{device}: '{name}' must map formats to FLOP/s (got {shown(value)}).")
    return value


def _positive(what: str, value: object) -> float:
    try:
        number = float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
    except OverflowError:  # an int too long for a float
        number = math.inf
    if not 0 < number < math.inf:
        raise HardwareError(f"{what} must be a finite number above 0 (got {shown(value)}).")
    return number


def _texts(what: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise HardwareError(f"{what} must be a list of texts (got {shown(value)}).")
    return tuple(value)


def _year(what: str, value: object) -> object:
    if value is not None and (not isinstance(value, int) or value not in _YEARS):
        raise HardwareError(f"{what} must be a year such as 2024 (got {shown(value)}).")
    return value


def _peaks(device: str, name: str, value: object) -> Mapping[str, float]:
    accepted, peaks = PEAKS[name], {}
    for key, peak in mapping(device, name, value).items():
        if not isinstance(key, str) or key not in accepted:
            near = did_you_mean(key, accepted) if isinstance(key, str) else ""
            raise HardwareError(f"{device}: '{name}' has no {shown(key)}.{near} Accepted are {', '.join(accepted)}.")
        peaks[key] = _positive(f"{device}: '{name}' of {key!r}", peak)
    if not peaks and name == "peak_flops_per_s":
        raise HardwareError(f"{device}: '{name}' must give at least one compute format.")
    return MappingProxyType(peaks)
