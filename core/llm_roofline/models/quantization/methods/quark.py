"""AMD's Quark: a description for all modules, others by name, and patterns of what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....basics import shown
from ....formats import WIDE
from ..names import floating, integer
from ..patterns import alternatives
from ..statement import Described, Rule, Statement
from .exceptions import exceptions

if TYPE_CHECKING:
    from ..section import Section

_INTEGERS = {"int2": 2, "int3": 3, "int4": 4, "uint4": 4, "int8": 8, "uint8": 8}
_FLOATS = {"fp8_e4m3": 8, "fp8_e5m2": 8, "fp8": 8, "fp4": 4, "mxfp4": 4, "mx": 4}
_UNQUANTISED = ("float16", "bfloat16", "float32", "fp16", "bf16")


def quark(given: Section) -> Statement:
    """Quark."""
    whole = given.part("global_quant_config")
    default = _described(whole) if whole else None
    rules = [
        Rule(tuple(alternatives([name])), _described(part), "layer_quant_config")
        for name, part in given.parts("layer_quant_config").items()
    ]
    if given.get("layer_type_quant_config"):
        raise ValueError("layer_type_quant_config, where formats by name are understood")
    export = given.part("export")
    if export:
        export.get("pack_method", "weight_merge_groups", "kv_cache_group", "weight_format")
    return Statement(default, (exceptions(given), *rules), _cache(given), of_towers=True)


def _cache(given: Section) -> str | None:
    found = set()
    for part in given.parts("kv_cache_quant_config").values():
        tensor = part.part("output_tensors")
        found.add(_tensor(tensor) if tensor else None)
        part.get("weight", "input_tensors", "bias", "target_device")
    if len(found) > 1:
        raise ValueError("several formats of the KV cache, where one is understood")
    return next(iter(found), None)


def _described(given: Section) -> Described | None:
    weights, activations = _first(given, "weight"), _first(given, "input_tensors")
    given.get("bias", "output_tensors", "target_device")
    stored = _tensor(weights) if weights else WIDE
    return None if stored == WIDE else Described(stored, _tensor(activations) if activations else WIDE)


def _first(given: Section, key: str) -> Section | None:
    stated = given.get(key)
    if isinstance(stated, list) and len(stated) != 1:
        raise ValueError(f"a list of {key}, where one tensor is understood")
    return given.part(key)


def _tensor(given: Section) -> str:
    kind, group = given.get("dtype"), given.get("group_size")
    scheme = given.get("qscheme", default="per_tensor")
    given.get("block_size", "mx_element_dtype", "is_scale_quant", "scale_bits")
    grouped = group if scheme == "per_group" else None
    return _named(kind, grouped, symmetric=given.get("symmetric", default=True))


def _named(kind: Any, group: Any, *, symmetric: Any) -> str:  # noqa: ANN401 - JSON
    if kind in _UNQUANTISED:
        return WIDE
    if kind in _INTEGERS:
        return integer(_INTEGERS[kind], group, "" if symmetric else "z")
    if kind not in _FLOATS:
        raise ValueError(f"the type {shown(kind)}; understood are {', '.join((*_INTEGERS, *_FLOATS))}")
    bits = _FLOATS[kind]
    return floating(bits, (group or 32) if bits == 4 else group)  # noqa: PLR2004 - MXFP4 has groups of 32
