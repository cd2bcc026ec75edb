"""Names of devices as drivers and runtimes print them: brands around the name, memory or form factor behind it.

``torch.cuda.get_device_name()`` says "NVIDIA H100 80GB HBM3", ``nvidia-smi`` "Tesla T4", ``/proc/cpuinfo`` "AMD EPYC
9654 96-Core Processor". What no word of a device explains (Laptop, MIG, another memory) is another device, and is not
found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_BRAND = re.compile(
    r"nvidia|amd|intel|apple|google|qualcomm|huawei|aws|groq|cerebras|geforce|tesla|instinct|radeon"
    r"|graphics|generation|edition|oam|processor|cpu|gpu|data|center|accelerator|chip"
)
"""Words that make no difference between two devices."""
LONGEST = 200  # characters; no driver prints more
_MARKS = re.compile(r"\((r|tm|c)\)|[®™©]|@.*|\b\d+-core\b|\b\d+th gen\b")
_UNSAID = re.compile(r"sxm\d?|pcie|\d+gb")  # form factor and memory, which a runtime leaves out where it is plain


class Described(NamedTuple):
    """What a device is called.

    Parameters
    ----------
    name, title : str
        Key of the catalogue, and name for people.
    memory : str
        Such as ``"80GB HBM3"``.
    aliases : tuple of str
        Other names.
    """

    name: str
    title: str
    memory: str
    aliases: tuple[str, ...]


def device_named_like(spelling: str, devices: Iterable[Described]) -> str | None:
    """Name of the one device that a runtime may mean; None where there is none, or more than one.

    Parameters
    ----------
    spelling : str
        What it prints.
    devices : iterable of Described
        Every device.
    """
    if len(spelling) > LONGEST:
        return None
    whole, plain = _words(spelling), _without_brands(spelling)
    known = list(devices)
    same = [d.name for d in known if any(_words(alias) == whole for alias in d.aliases)]
    same = same or [d.name for d in known if plain in (_without_brands(d.name), _without_brands(d.title))]
    same = same or [d.name for d in known if _is_meant(plain, d)]
    return same[0] if len(same) == 1 else None


def _is_meant(plain: frozenset[str], device: Described) -> bool:
    """Whether the words say all that the name does, but what goes without saying, and nothing that is not known."""
    name = _without_brands(device.name)
    missing = [word for word in name - plain if not _UNSAID.fullmatch(word)]
    return not missing and plain <= name | _words(device.title) | _words(device.memory)


def _without_brands(text: str) -> frozenset[str]:
    return frozenset(word for word in _words(text) if not _BRAND.fullmatch(word))


@lru_cache(maxsize=1024)
def _words(text: str) -> frozenset[str]:
    plain = _MARKS.sub(" ", text.casefold()).replace("+", "plus")
    return frozenset(re.sub(r"^(\d+)g$", r"\1gb", word) for word in re.findall(r"[a-z0-9.]+", plain))
