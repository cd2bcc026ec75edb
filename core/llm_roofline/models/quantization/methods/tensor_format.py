"""Formats of single tensors, as compressed-tensors and ModelOpt describe them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ....basics import shown
from ....formats import WIDE
from ..names import floating, integer

if TYPE_CHECKING:
    from ..section import Section

_CACHES = dict.fromkeys(("FP8", "FP8_E4M3", "FP8_E5M2"), "fp8") | {"NVFP4": "nvfp4", "INT8": "int8"}
_UNSTATED = ("NONE", "AUTO")
_WIDE_BITS = 16


def tensor_format(given: Section, *, is_activation: bool = False) -> str:
    """Format of a tensor that is described by its bits, type and group.

    Parameters
    ----------
    given : Section
        The description.
    is_activation : bool
        Of activations or keys and values, whose scales are too few to count.

    Raises
    ------
    ValueError
        If there is no such format.
    """
    bits, group, kind = given["num_bits"], given.get("group_size"), given.get("type", default="int")
    blocks, symmetric = given.get("block_structure"), given.get("symmetric", default=True)
    if kind == "int":
        return "int8" if is_activation and bits == 8 else integer(bits, group, "" if symmetric else "z")  # noqa: PLR2004 - a width
    if kind != "float":
        raise ValueError(f"the type {shown(kind)}; understood are int and float")
    if bits == _WIDE_BITS:
        return WIDE
    return "fp8" if is_activation and bits == 8 and group != 32 else floating(bits, group, blocks)  # noqa: PLR2004 - widths


def cache_format(given: Section) -> str | None:
    """Format of keys and values; None where it is not stated.

    Parameters
    ----------
    given : Section
        The statement.

    Raises
    ------
    ValueError
        If it is not understood.
    """
    keys = ("kv_cache_scheme", "kv_cache_quant_algo", "kv_cache_quant_method", "kv_cache_dtype")
    stated = given.get(*keys)
    if isinstance(stated, Mapping):
        part = given.part(*keys)
        return tensor_format(part, is_activation=True) if part else None
    if stated is None or (isinstance(stated, str) and stated.upper() in _UNSTATED):
        return None
    if not isinstance(stated, str) or stated.upper() not in _CACHES:
        raise ValueError(f"a KV cache of {shown(stated)}; understood are {', '.join(_CACHES)}")
    return _CACHES[stated.upper()]
