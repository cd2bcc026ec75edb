"""Compute formats: what matrix units multiply in, and which stored values each of them holds exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .storage import Format


class ComputeFormat(NamedTuple):
    """A format that matrix units compute in.

    Parameters
    ----------
    bits : int
        Width [bit].
    is_float : bool
        Floating point, or an integer.
    exact_integer_bits : int
        Widest signed integer that it holds exactly [bit].
    """

    bits: int
    is_float: bool
    exact_integer_bits: int


COMPUTE_FORMATS = {
    "int4": ComputeFormat(4, False, 4),
    "fp4": ComputeFormat(4, True, 2),
    "fp6": ComputeFormat(6, True, 3),
    "int8": ComputeFormat(8, False, 8),
    "fp8": ComputeFormat(8, True, 4),
    "bf16": ComputeFormat(16, True, 8),
    "fp16": ComputeFormat(16, True, 11),
    "tf32": ComputeFormat(19, True, 11),
    "fp32": ComputeFormat(32, True, 24),
}
"""Compute formats, narrowest first.

Both 16-bit floats serve for each other: engines cast one to the other where a device has only one.
"""


def holds(compute: str, stored: Format) -> bool:
    """Whether a compute format holds every value of a storage format.

    Parameters
    ----------
    compute : str
        Name of the compute format.
    stored : Format
        The storage format.
    """
    target = COMPUTE_FORMATS[compute]
    if stored.is_float:
        return target.is_float and target.bits >= stored.bits
    return target.exact_integer_bits >= stored.bits
