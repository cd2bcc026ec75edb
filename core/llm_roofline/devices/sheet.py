"""The data sheet of a device: every figure that is known of it, with its label and unit.

Imports the device; where a figure comes from is said by ``provenance``.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..basics import quantity
from .hardware import Hardware

SHEET = {
    "name": ("name", ""),
    "title": ("device", ""),
    "based_on": ("based on", ""),
    "aliases": ("other names", ""),
    "vendor": ("vendor", ""),
    "architecture": ("architecture", ""),
    "kind": ("kind", ""),
    "year": ("year of launch", ""),
    "memory_bytes": ("memory", "B"),
    "memory_type": ("type of memory", ""),
    "memory_bandwidth": ("memory bandwidth", "B/s"),
    "peak_flops_per_s": ("peak", "FLOP/s"),
    "vector_flops_per_s": ("vector peak", "FLOP/s"),
    "peaks": ("peaks are", ""),
    "multiprocessors": ("multiprocessors", "1"),
    "register_bytes": ("registers of each", "B"),
    "local_memory_bytes": ("local memory of each", "B"),
    "l2_bytes": ("L2 cache", "B"),
    "l3_bytes": ("L3 cache", "B"),
    "interconnect": ("link to other devices", ""),
    "interconnect_bandwidth": ("its bandwidth, one way", "B/s"),
    "host_link": ("link to the host", ""),
    "tdp": ("thermal design power", "W"),
    "source": ("source", ""),
    "url": ("address", ""),
    "confidence": ("confidence", ""),
    "note": ("note", ""),
    "checked_against": ("checked against", ""),
}
"""Label and unit of each figure; without a unit it stands as it is, and ``"1"`` is a plain count."""


def data_sheet(device: Hardware) -> list[tuple[str, str]]:
    """Label and text of each figure that is known of a device; one for each format where there are several.

    Parameters
    ----------
    device : Hardware
        The device.
    """
    rows = []
    for figure in SHEET:
        value = getattr(device, figure)
        by_key = value if isinstance(value, Mapping) else {"": value}
        rows += [(label(figure, key), written(figure, one)) for key, one in by_key.items() if one not in (None, "", ())]
    return rows


def label(figure: str, key: str = "") -> str:
    """Label of a figure, such as ``"memory bandwidth"`` or ``"bf16 peak"``.

    Parameters
    ----------
    figure : str
        Name of the field.
    key : str
        Format, where the figure has one for each of several.
    """
    return f"{key} {SHEET[figure][0]}".strip()


def written(figure: str, value: object) -> str:
    """Text of a figure with its unit.

    Parameters
    ----------
    figure : str
        Name of the field.
    value : object
        Its value, or that of a format.
    """
    unit = SHEET[figure][1]
    if isinstance(value, float):
        return f"{value:,.0f}" if unit == "1" else quantity(value, unit, 4)
    return ", ".join(value) if isinstance(value, tuple) else str(value)
