"""What-if devices: figures that change those of another device, and what of them is a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .checks import PEAKS, mapping

TOLD = ("name", "title", "confidence")
"""Fields that a what-if device fills in by itself."""
_SUFFIX = " (what-if)"


def told(base: str, title: str) -> dict[str, str]:
    """What a what-if device says by itself: name, title and confidence.

    Parameters
    ----------
    base : str
        Name of the device that it changes.
    title : str
        Title of that device.
    """
    return {
        "name": f"{base.removesuffix('*')}*",
        "title": f"{title.removesuffix(_SUFFIX)}{_SUFFIX}",
        "confidence": "what-if",
    }


def merged(device: str, values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes in which formats that are not named keep their peaks; None takes a peak away.

    Parameters
    ----------
    device : str
        Name of the device, for messages.
    values : mapping
        Its figures.
    changes : mapping
        New figures.
    """
    figures = dict(changes)
    for name in PEAKS.keys() & changes.keys():
        peaks = {**values[name], **mapping(device, name, changes[name])}
        figures[name] = {key: value for key, value in peaks.items() if value is not None}
    return figures


def differences(own: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Changes that make a device's figures of another one's; of peaks the formats alone that differ.

    Parameters
    ----------
    own, base : mapping
        Figures of the device, and of the one that it changes.
    """
    return {
        name: _of_peaks(value, base[name]) if name in PEAKS else value
        for name, value in own.items()
        if name not in TOLD and value != base[name]
    }


def _of_peaks(own: Mapping[str, float], base: Mapping[str, float]) -> dict[str, float | None]:
    changed = {key: value for key, value in own.items() if base.get(key) != value}
    return {**changed, **dict.fromkeys(key for key in base if key not in own)}
