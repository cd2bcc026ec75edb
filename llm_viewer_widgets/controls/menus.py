"""What a person may choose: the models of the catalogue by family, its devices by vendor."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from llm_roofline import hardware, models
from llm_roofline.models import family_of


@cache
def models_by_family() -> dict[str, dict[str, str]]:
    """Names of models under the titles of their families, in the order of the alphabet; none is loaded."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name in models:
        groups[family_of(name).title][name] = ""
    return _sorted(groups)


@cache
def devices_by_vendor() -> dict[str, dict[str, str]]:
    """Names and titles of devices under their vendors."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name, device in hardware.items():
        groups[device.vendor][name] = device.title
    return _sorted(groups)


def _sorted(groups: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {group: groups[group] for group in sorted(groups, key=str.casefold)}
