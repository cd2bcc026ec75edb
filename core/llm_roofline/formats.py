"""Number formats: how many bytes a stored element takes, scales of its group included.

A format says how a tensor is *stored*. At which peak an operator *computes* is decided in :mod:`llm_roofline.peak`.
Imports the standard library and this package's errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from .errors import PrecisionError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Format:
    """A stored number format.

    Parameters
    ----------
    name : str
        Short name, such as ``"bf16"``.
    label : str
        Name for people, such as ``"2-bit"``.
    bits : int
        Width of one element [bit].
    is_float : bool
        Floating point, or an integer.
    group_size : int
        Elements that share one scale [1]; 0 where scales are too few to count (one a channel or a tensor).
    group_bits : int
        Width of the scale and zero point of a group together [bit].
    source : str
        Where the layout is defined.
    """

    name: str
    label: str
    bits: int
    is_float: bool
    source: str
    group_size: int = 0
    group_bits: int = 0

    def bytes_per_element(self, *, scales: bool = True) -> float:
        """Bytes that one element takes [byte]; ``scales=False`` leaves the group's scale and zero point out."""
        overhead = self.group_bits / self.group_size if scales and self.group_size else 0.0
        return (self.bits + overhead) / 8


_IEEE = "IEEE 754-2019"
_GROUP = "GPTQ (arXiv 2210.17323) and AWQ (arXiv 2306.00978): groups of 128, a FP16 scale and zero point each"
_GROUPED = {"group_size": 128, "group_bits": 32}

formats: Mapping[str, Format] = MappingProxyType(
    {
        f.name: f
        for f in (
            Format("fp32", "fp32", 32, True, _IEEE),
            Format("bf16", "bf16", 16, True, "BFLOAT16 (arXiv 1905.12322)"),
            Format("fp16", "fp16", 16, True, _IEEE),
            Format("fp8", "fp8", 8, True, "OCP 8-bit floating point, E4M3 and E5M2 (arXiv 2209.05433)"),
            Format("int8", "int8", 8, False, "LLM.int8() (arXiv 2208.07339): one scale a channel"),
            Format("nvfp4", "nvfp4", 4, True, "NVIDIA NVFP4: groups of 16, a FP8 scale each", 16, 8),
            Format(
                "mxfp4", "mxfp4", 4, True, "OCP Microscaling (arXiv 2310.10537): groups of 32, an 8-bit scale", 32, 8
            ),
            Format("int4", "int4", 4, False, _GROUP, **_GROUPED),
            Format("int2", "2-bit", 2, False, _GROUP, **_GROUPED),
            Format("int1", "1-bit", 1, False, _GROUP, **_GROUPED),
        )
    }
)
"""Every storage format by its name."""


def format_named(name: str, what: str = "format") -> Format:
    """Look up a format; an unknown name says the nearest ones.

    Raises
    ------
    PrecisionError
        If there is no format of that name.
    """
    if isinstance(name, str) and name in formats:
        return formats[name]
    message = f"Unknown {what} {name!r}.{did_you_mean(str(name), formats)} Accepted are {', '.join(formats)}."
    raise PrecisionError(message)
