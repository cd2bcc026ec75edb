"""At which peak an operator computes, given how its operands are stored and what the device has.

A device computes in a format that holds both operands; of those it takes the fastest, and of equally fast ones the
narrowest. So weights of 4 bits with activations of 16 run at the 16-bit peak, and a device without a narrow format
converts to a wider one. Products of fp32 run on the vector lanes where no matrix unit holds them, and a device without
such lanes rounds them to its widest 16-bit format, as TPUs do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..basics import HardwareError
from ..formats import COMPUTE_FORMATS, formats, holds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .hardware import Hardware

_NARROWEST_TO_ROUND_TO = 16  # bit; fp32 operands are rounded to so many in practice, never to fewer without a scale


class Peak(NamedTuple):
    """What an operator computes at.

    Parameters
    ----------
    format : str
        Compute format.
    flops_per_s : float
        Dense peak [FLOP/s].
    """

    format: str
    flops_per_s: float


def peak(hardware: Hardware, operands: Iterable[str]) -> Peak:
    """Peak at which a device multiplies operands of given storage formats [FLOP/s].

    Parameters
    ----------
    hardware : Hardware
        The device.
    operands : iterable of str
        Storage formats of the two operands.

    Raises
    ------
    HardwareError
        If the device has no peak in a format that is wide enough, or that operands are rounded to in practice.
    """
    stored = [formats[name] for name in operands]
    peaks = product_peaks(hardware)
    able = [name for name in COMPUTE_FORMATS if name in peaks and all(holds(name, s) for s in stored)]
    able = able or _rounded_to(peaks)
    if not able:
        needed = " and ".join(dict.fromkeys(s.name for s in stored))
        raise HardwareError(
            f"{hardware.name} has no peak for {needed}: it has {', '.join(hardware.peak_flops_per_s)}. "
            "Give one by with_(peak_flops_per_s=...)."
        )
    best = max(able, key=lambda name: peaks[name])  # max keeps the first of equals, the narrowest
    return Peak(best, peaks[best])


def product_peaks(hardware: Hardware) -> Mapping[str, float]:
    """Peaks of products by compute format: those of matrix units, and fp32 on the vector lanes beside them [FLOP/s].

    Parameters
    ----------
    hardware : Hardware
        The device.
    """
    lanes = hardware.vector_flops_per_s
    return {**({"fp32": lanes["fp32"]} if "fp32" in lanes else {}), **hardware.peak_flops_per_s}


def _rounded_to(peaks: Mapping[str, float]) -> list[str]:
    """The widest floating-point formats, where they have 16 bits or more."""
    bits = {name: made.bits for name, made in COMPUTE_FORMATS.items() if name in peaks and made.is_float}
    widest = max(bits.values(), default=0)
    return [name for name in bits if bits[name] == widest >= _NARROWEST_TO_ROUND_TO]


def paper_peak(hardware: Hardware, weights: str, activations: str, kv_cache: str) -> Peak:
    """One peak for all operators, as LLM-Viewer has it: int8 if every tensor has 8 bits or fewer, else fp16 [FLOP/s].

    Parameters
    ----------
    hardware : Hardware
        The device.
    weights, activations, kv_cache : str
        Storage formats.
    """
    narrow = max(formats[name].bits for name in (weights, activations, kv_cache)) <= formats["int8"].bits
    peaks = hardware.peak_flops_per_s
    name = "int8" if narrow and "int8" in peaks else "fp16"  # even where a wider format is faster
    return Peak(name, peaks[name]) if name in peaks else peak(hardware, (name, name))


def vector_format(hardware: Hardware) -> str:
    """Format of the vector lanes, in which softmax and norms accumulate: fp32 where they have it; empty if unknown.

    Parameters
    ----------
    hardware : Hardware
        The device.
    """
    return next((name for name in ("fp32", "fp16") if name in hardware.vector_flops_per_s), "")


def substitution(hardware: Hardware, operands: tuple[str, ...]) -> str | None:
    """Sentence that says which format the device computes at, where it lacks that of the wider operand; else None.

    Parameters
    ----------
    hardware : Hardware
        The device.
    operands : tuple of str
        Storage formats of the two operands.
    """
    wider = max((formats[name] for name in operands), key=lambda f: f.bits)
    own, peaks = wider.native, hardware.peak_flops_per_s
    used = peak(hardware, operands).format
    if COMPUTE_FORMATS[used].bits < wider.bits:
        return f"{hardware.name} has no peak for {own} or wider; computing at {used}, to which operands are rounded."
    if used not in peaks:
        return f"{hardware.name} has no {own} peak of matrix units; computing at {used} on its vector lanes."
    if own in peaks or COMPUTE_FORMATS[used].bits <= wider.bits:
        return None
    return f"{hardware.name} has no {own} peak; computing at {used}, the fastest supported format that is wide enough."
