"""Names of formats for the words in which quantisers state them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...basics import shown
from ...formats import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDE_BITS = 16
"""From so many bits on a module counts as not quantised."""
BLOCKS = [128, 128]
FLOATS: Mapping[tuple[int, int | None], str] = {
    (8, None): "fp8",
    (8, 32): "mxfp8",
    (4, 16): "nvfp4",
    (4, 32): "mxfp4",
}
"""Floats by their bits and the elements of a group."""


def integer(bits: Any, group: Any, beside: str = "") -> str:  # noqa: ANN401 - JSON
    """Name of an integer format; without a group, one scale serves a whole channel.

    Parameters
    ----------
    bits, group : int
        Bits of a weight, and weights of a group; -1, 0 or None for a whole channel [1].
    beside : str
        What stands beside the FP16 scale: ``"z"`` for a packed zero point, ``"b"`` for a FP16 bias.

    Raises
    ------
    ValueError
        If there is no such format.
    """
    if group in (None, -1, 0):
        name = {8: "int8"}.get(bits, f"int{bits}-channel") if isinstance(bits, int) else ""
    else:
        name = f"int{bits}-g{group}{beside}"
    if name not in formats:
        raise ValueError(f"{shown(bits)} bits in groups of {shown(group)}; understood are 2 to 8 bits")
    return name


def floating(bits: Any, group: Any, blocks: Any = None) -> str:  # noqa: ANN401 - JSON
    """Name of a floating-point format.

    Parameters
    ----------
    bits, group : int
        Bits of a weight, and weights of a group; -1, 0 or None for no groups [1].
    blocks : list of int, optional
        Height and width of blocks that share a scale [1].

    Raises
    ------
    ValueError
        If there is no such format.
    """
    if blocks not in (None, BLOCKS):
        raise ValueError(f"blocks of {shown(blocks)}, where 128 x 128 are understood")
    if blocks and bits == 8:  # noqa: PLR2004 - a width
        return "fp8-block"
    key = bits, None if group in (None, -1, 0) else group
    if key not in FLOATS:
        known = ", ".join(f"{b} in {g or 'no'} groups" for b, g in FLOATS)
        raise ValueError(f"floats of {shown(bits)} bits in groups of {shown(group)}; understood are {known}")
    return FLOATS[key]
