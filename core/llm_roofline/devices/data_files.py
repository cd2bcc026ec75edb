"""The data files of the catalogue: one a device, named like it, checked against the vocabulary when it is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..basics import HardwareError, did_you_mean, shown
from .vocabulary import ARCHITECTURES, REQUIRED, RULES

FOLDER = Path(__file__).parent / "data"


def names() -> tuple[str, ...]:
    """Names of all devices, in the order of the alphabet."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def read(name: str) -> dict[str, Any]:
    """Figures of a device, as its file has them.

    Parameters
    ----------
    name : str
        One of :func:`names`.

    Raises
    ------
    HardwareError
        If a field is missing, unknown or says what the vocabulary does not have; all such fields are named.
    """
    data = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    if wrong := list(problems(name, data)):
        raise HardwareError("\n".join(f"{name}.json: {problem}" for problem in wrong))
    figures: dict[str, Any] = data
    return figures


def problems(name: str, data: object) -> Iterator[str]:
    """Sentences on everything that is wrong with a file.

    Parameters
    ----------
    name : str
        Its name, without the ending.
    data : object
        What is in it.
    """
    if not isinstance(data, Mapping):
        yield f"a device is an object of figures (got {shown(data)})."
        return
    missing = [f"{field!r} is missing; it must be {RULES[field].accepted}." for field in REQUIRED if field not in data]
    wrong = [*missing, *filter(None, (_problem(field, value) for field, value in data.items()))]
    yield from wrong or _contradictions(name, data)


def _problem(field: str, value: object) -> str:
    if field not in RULES:
        return f"unknown figure {shown(field)}.{did_you_mean(field, RULES)} Accepted are {', '.join(RULES)}."
    return RULES[field].problem(field, value)


def _contradictions(name: str, data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong between fields that are all right by themselves."""
    vendor, architecture, title = data["vendor"], data["architecture"], data["title"]
    if data["name"] != name:
        yield f"'name' must be that of the file (got {shown(data['name'])})."
    if not title.startswith(vendor):
        yield f"'title' must begin with the vendor, {vendor} (got {shown(title)})."
    if not architecture.startswith(ARCHITECTURES[vendor]):
        accepted = ", ".join(ARCHITECTURES[vendor])
        yield f"'architecture' must be one of {vendor}'s: {accepted} (got {shown(architecture)})."
    if ("interconnect" in data) != ("interconnect_bandwidth" in data):
        yield "'interconnect' and 'interconnect_bandwidth' must both be there, or neither."
