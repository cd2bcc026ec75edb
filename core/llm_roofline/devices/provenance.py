"""Where a device's figures come from, and how sure they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .checks import PEAKS
from .hardware import Hardware, hardware
from .sheet import label, written
from .vocabulary import DOUBTS

_MOST = 3  # changes that a sentence names
_WEAK = {"derived": "derived", "secondary": "from a secondary source", "what-if": "assumed"}
_DOUBT = re.compile(rf"\b({'|'.join(DOUBTS)})\b", re.IGNORECASE)


def origin(device: Hardware, figure: str, key: str = "") -> str:
    """Where a figure comes from: document, confidence and address, or what a what-if device changed it from.

    Parameters
    ----------
    device : Hardware
        The device.
    figure : str
        Name of the field.
    key : str
        Format, where the figure has one for each of several.

    Examples
    --------
    >>> from llm_roofline import hardware
    >>> origin(hardware["a10"], "memory_bandwidth").partition(", https://")[0]
    'NVIDIA A10 datasheet (datasheet)'
    >>> origin(hardware["a10"].with_(memory_bandwidth=1e12), "memory_bandwidth")
    'changed from 600.0 GB/s of a10 (what-if)'
    """
    base = _base(device)
    now, was = _value(device, figure, key), _value(base, figure, key)
    if key and now == base.peak_flops_per_s.get(f"{key}_acc16"):
        return f"with fp16 accumulation, {_document(base)}"
    if now != was:
        return f"{'added to' if was is None else f'changed from {written(figure, was)} of'} {base.name} (what-if)"
    return _document(base)


def caveats(device: Hardware) -> tuple[str, ...]:
    """What a reader should know of figures: which of them a what-if device changed, and if no datasheet states them.

    Parameters
    ----------
    device : Hardware
        The device.

    Examples
    --------
    >>> from llm_roofline import hardware
    >>> caveats(hardware["h100-sxm"])
    ()
    >>> caveats(hardware["h100-sxm"].with_(memory_bandwidth=4.8e12))
    ('h100-sxm* is h100-sxm with memory bandwidth 4.800 TB/s instead of 3.352 TB/s.',)
    """
    return (*_changed(device), *_weak(_base(device)))


def doubts(device: Hardware) -> str:
    """Sentences of a device's note that doubt its figures; empty where none does.

    Parameters
    ----------
    device : Hardware
        The device.
    """
    sentences = re.split(r"(?<=\.)\s+", device.note)
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences if _DOUBT.search(sentence))


def _base(device: Hardware) -> Hardware:
    """The catalogue's device that a what-if device changes, or the device itself."""
    return hardware[device.based_on] if device.based_on else device


def _document(base: Hardware) -> str:
    """Where a catalogue's device has its figures from."""
    return f"{base.source or 'no source'} ({base.confidence}){base.url and f', {base.url}'}"


def _value(device: Hardware, figure: str, key: str) -> Any:  # noqa: ANN401 - a figure or a text
    value = getattr(device, figure)
    return value.get(key) if figure in PEAKS else value


def _changed(device: Hardware) -> Iterator[str]:
    base, changes = _base(device), device.changes()
    named = [(figure, key) for figure in changes for key in (changes[figure] if figure in PEAKS else [""])]
    if not named:
        return
    texts = [_change(device, base, *one) for one in named[:_MOST]]
    rest = len(named) - _MOST
    texts += [f"{rest} more {'changes' if rest > 1 else 'change'}"] if rest > 0 else []
    listed = " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
    yield f"{device.name} is {base.name} with {listed}."


def _change(device: Hardware, base: Hardware, figure: str, key: str) -> str:
    now, was = _value(device, figure, key), _value(base, figure, key)
    if now in (None, ""):
        return f"no {label(figure, key)}"
    instead = "" if was in (None, "") else f" instead of {written(figure, was)}"
    return f"{label(figure, key)} {written(figure, now)}{instead}"


def _weak(device: Hardware) -> Iterator[str]:
    if device.confidence in _WEAK:
        source = f": {device.source}" if device.source else ", without a source"
        yield f"Figures of {device.name} are {_WEAK[device.confidence]}{source}. {doubts(device)}".strip()
    elif doubts(device):
        yield f"Of {device.name}: {doubts(device)}"
