"""Number formats: how many bytes a stored element takes, scales of its group included.

A format says how a tensor is *stored*. At which peak an operator *computes*
is decided in :mod:`llm_roofline.devices.peak`.
Imports the standard library and the errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..basics import PrecisionError, did_you_mean


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
    group_bits : float
        Width of the scale and zero point of a group together [bit].
    source : str
        Where the layout is defined.
    computes : str
        Name of the compute format that has its values, where that is not its own name.
    """

    name: str
    label: str
    bits: int
    is_float: bool
    source: str
    group_size: int = 0
    group_bits: float = 0
    computes: str = ""

    def bytes_per_element(self, *, scales: bool = True) -> float:
        """Bytes that one element takes [byte]; ``scales=False`` leaves the group's scale and zero point out."""
        overhead = self.group_bits / self.group_size if scales and self.group_size else 0.0
        return (self.bits + overhead) / 8

    @property
    def native(self) -> str:
        """Compute format that has its values."""
        return self.computes or self.name


_IEEE = "IEEE 754-2019"
_GROUP = "GPTQ (arXiv 2210.17323) and AWQ (arXiv 2306.00978): groups of 128, a FP16 scale and zero point each"


class _Formats(Mapping[str, Format]):
    """The formats that have a name of their own, and grouped integers such as ``"int4-g32"`` made on request.

    Parameters
    ----------
    *named : Format
        Those that have a name.
    """

    def __init__(self, *named: Format) -> None:
        self._named = {f.name: f for f in named}

    def __getitem__(self, name: str) -> Format:
        if name in self._named:
            return self._named[name]
        if not isinstance(name, str):
            raise KeyError(name)
        if match := _GROUPED_INTEGER.fullmatch(name):
            return _grouped(name, int(match["bits"]), int(match["group"] or 0), match["beside"])
        if match := _BITS.fullmatch(name):
            whole, part = int(match["whole"]), float(f"0.{match['part'] or 0}")
            return Format(name, f"{name[:-3]} bits a weight", whole, True, _MEAN, 1, part)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)


_GROUP_OF = "GPTQ (arXiv 2210.17323), AWQ (arXiv 2306.00978) and compressed-tensors: groups of a chosen size"
_GROUPED_INTEGER = re.compile(r"int(?P<bits>[2-8])-(?:channel|g(?P<group>[1-9][0-9]{0,5})(?P<beside>[zb]?))")
_MEAN = "a mean over codes, scales and codebooks, as EXL2, AQLM (arXiv 2401.06118) and VPTQ (arXiv 2409.17066) state it"
_BITS = re.compile(r"(?P<whole>[0-9]|[12][0-9])(?:\.(?P<part>[0-9]{1,6}))?bpw")


def _grouped(name: str, bits: int, group: int, beside: str | None) -> Format:
    """Integers with a FP16 scale for each group, a packed zero point (``z``) or a FP16 bias (``b``) beside it."""
    if not group:
        return Format(name, f"{bits}-bit, a scale a channel", bits, False, _GROUP_OF, computes=f"int{bits}")
    more = {"z": bits, "b": 16}.get(beside or "", 0)
    label, source = f"{bits}-bit, groups of {group:,}", f"{_GROUP_OF}, one FP16 scale"
    return Format(name, label, bits, False, source, group, 16 + more, f"int{bits}")


def bits_per_weight(bits: float) -> str:
    """Name of the format whose elements take a mean of so many bits, to a millionth.

    Parameters
    ----------
    bits : float
        Bits of a weight, all that is stored beside it included [bit].
    """
    return f"{bits:.6f}".rstrip("0").rstrip(".") + "bpw"


formats: Mapping[str, Format] = _Formats(
    Format("fp32", "fp32", 32, True, _IEEE),
    Format("bf16", "bf16", 16, True, "BFLOAT16 (arXiv 1905.12322)"),
    Format("fp16", "fp16", 16, True, _IEEE),
    Format("fp8", "fp8", 8, True, "OCP 8-bit floating point, E4M3 and E5M2 (arXiv 2209.05433)"),
    Format(
        "fp8-block",
        "fp8 (blocks)",
        8,
        True,
        "DeepSeek-V3 (arXiv 2412.19437, section 3.3): blocks of 128 x 128, a FP32 scale",
        128 * 128,
        32,
        "fp8",
    ),
    Format("int8", "int8", 8, False, "LLM.int8() (arXiv 2208.07339): one scale a channel"),
    Format("nvfp4", "nvfp4", 4, True, "NVIDIA NVFP4: groups of 16, a FP8 scale each", 16, 8, "fp4"),
    Format(
        "mxfp4", "mxfp4", 4, True, "OCP Microscaling (arXiv 2310.10537): groups of 32, an 8-bit scale", 32, 8, "fp4"
    ),
    Format(
        "mxfp8", "mxfp8", 8, True, "OCP Microscaling (arXiv 2310.10537): groups of 32, an 8-bit scale", 32, 8, "fp8"
    ),
    Format("nf4", "nf4", 4, True, "QLoRA (arXiv 2305.14314): groups of 64, a FP32 scale", 64, 32),
    Format(
        "nf4-double",
        "nf4 (double)",
        4,
        True,
        "QLoRA (arXiv 2305.14314): groups of 64, an 8-bit scale, and a FP32 scale for 256 of these",
        64,
        8 + 32 / 256,
        "nf4",
    ),
    Format("int4", "int4", 4, False, _GROUP, 128, 32),
    Format(
        "int4-channel", "int4 (channels)", 4, False, "GPTQ (arXiv 2210.17323): one scale a channel", computes="int4"
    ),
    Format("ternary", "ternary", 2, False, "BitNet b1.58 (arXiv 2402.17764): four to a byte, one scale a tensor"),
    Format("int2", "2-bit", 2, False, _GROUP, 128, 32),
    Format("int1", "1-bit", 1, False, _GROUP, 128, 32),
)
"""Every storage format by its name.

``"int4-g32"`` names integers in groups, ``"int4-g32z"`` those with a zero point and ``"int4-g32b"`` those with a bias
beside the scale, ``"int3-channel"`` those with a scale a channel, and ``"3.5bpw"`` a mean of 3.5 bits a weight.
"""


def format_named(name: str, what: str = "format") -> Format:
    """Look up a format; an unknown name says the nearest ones.

    Parameters
    ----------
    name : str
        Its name.
    what : str
        What the format is of, for the message.

    Raises
    ------
    PrecisionError
        If there is no format of that name.
    """
    if isinstance(name, str) and name in formats:
        return formats[name]
    message = f"Unknown {what} {name!r}.{did_you_mean(str(name), formats)} Accepted are {', '.join(formats)}."
    raise PrecisionError(message)
