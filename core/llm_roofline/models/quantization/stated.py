"""The precision that a configuration states: which tensor kinds its ``quantization_config`` stores in which format.

Patterns that except modules are text from a stranger: they are never run as regular expressions, but read as plain
names with ``*``, and one that says more is a problem. Imports the standard library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...basics import PrecisionError, shown
from ...formats import Precision, formats
from .exceptions import exceptions, is_excepted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..config import Config

PROBES: Mapping[str, tuple[str, ...]] = {
    "attention_weights": ("self_attn.q_proj", "self_attn.o_proj"),
    "weights": ("mlp.gate_proj", "mlp.down_proj", "mlp.shared_experts.gate_proj"),
    "experts": ("mlp.experts.0.gate_proj", "mlp.experts.0.down_proj"),
}
"""Modules that stand for each kind of weights when exceptions are looked up."""


def stored_precision(config: Config, layers: int) -> Precision:
    """Formats that a checkpoint stores; 16 bit where its configuration names none.

    Parameters
    ----------
    config : Config
        The configuration, of which the part on text may hold the statement.
    layers : int
        Layers of the model [1].
    """
    text = config.part("text_config") if isinstance(config.fields.get("text_config"), dict) else config
    found: dict[str, str | None] = {}
    for part in dict.fromkeys((config, text)):
        part.ignore("quantization_config")
        given = part.fields.get("quantization_config")
        if given:
            found = _quantised(part, given, layers)
    if text.fields.get("expert_dtype") == "fp4":  # DeepSeek-V4 keeps its experts in MXFP4 beside FP8
        found["experts"] = "mxfp4"
    try:
        return Precision(**found)  # type: ignore[arg-type]  # it checks
    except PrecisionError as error:
        config.problem(f"'quantization_config': {error}")
        return Precision()


def _quantised(config: Config, given: Any, layers: int) -> dict[str, str | None]:  # noqa: ANN401 - JSON
    method = given.get("quant_method") if isinstance(given, dict) else None
    if not isinstance(method, str) or method not in METHODS:
        config.problem(
            f"'quantization_config' has the method {shown(method)}, which is not understood. "
            f"Understood are {', '.join(METHODS)}."
        )
        return {}
    try:
        found = METHODS[method](given)
        skipped = exceptions(given, layers)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = shown(error.args[0]) if isinstance(error, KeyError) else error
        config.problem(f"'quantization_config' of the method {method!r} is not understood: {said}.")
        return {}
    stored = found["weights"]
    for kind, names in PROBES.items():
        excepted = [is_excepted(f"layers.{layer}.{name}", skipped) for layer in range(layers) for name in names]
        if kind == "weights":  # dense and shared feed-forward networks are one kind
            excepted = [all(pair) for pair in zip(excepted[0::3], excepted[2::3], strict=True)] if any(excepted) else []
        if excepted and any(excepted) != all(excepted):
            config.problem(
                f"'quantization_config' leaves some layers' {kind.replace('_', ' ')} unquantised and others not; "
                "one format a kind is understood. Remove the key, and give a Precision."
            )
        found[kind] = "bf16" if excepted and all(excepted) else found.get(kind, stored)
    own = ("attention_weights", "experts")  # say nothing where they are as the other weights
    return found | {kind: None for kind in own if found[kind] == found["weights"]}


def _fp8(given: Mapping[str, Any]) -> dict[str, str | None]:
    block = given.get("weight_block_size")
    if block not in (None, [128, 128]):
        raise ValueError(f"blocks of {shown(block)}, where 128 x 128 are understood")
    return {"weights": "fp8-block" if block else "fp8", "activations": "fp8"}


def _mxfp4(_: Mapping[str, Any]) -> dict[str, str | None]:
    return {"weights": "bf16", "experts": "mxfp4"}  # the method of gpt-oss quantises its experts alone


def _gptq(given: Mapping[str, Any]) -> dict[str, str | None]:
    return {"weights": _integer(given["bits"], given["group_size"], symmetric=bool(given.get("sym", True)))}


def _awq(given: Mapping[str, Any]) -> dict[str, str | None]:
    bits, group = given.get("bits", given.get("w_bit")), given.get("group_size", given.get("q_group_size"))
    return {"weights": _integer(bits, group, symmetric=not given.get("zero_point", True))}


def _bitsandbytes(given: Mapping[str, Any]) -> dict[str, str | None]:
    if given.get("load_in_8bit"):
        return {"weights": "int8", "activations": "int8"}
    if given.get("load_in_4bit"):
        return {"weights": "nf4-double" if given.get("bnb_4bit_use_double_quant") else "nf4"}
    raise ValueError("neither load_in_8bit nor load_in_4bit is set")


def _bitnet(_: Mapping[str, Any]) -> dict[str, str | None]:
    return {"weights": "ternary", "activations": "int8"}


def _groups(given: Mapping[str, Any]) -> dict[str, str | None]:
    """Formats of compressed-tensors and of NVIDIA's ModelOpt, which share the shape of their ``config_groups``."""
    groups = given.get("config_groups")
    if not groups:
        name = {"NVFP4": "nvfp4", "FP8": "fp8", "W4A16_AWQ": "int4-g128"}[given["quant_algo"]]
        found: dict[str, str | None] = {"weights": name}
        if name != "int4-g128":
            found["activations"] = name
    else:
        described = [(_described(g["weights"]), g.get("input_activations")) for g in groups.values()]
        if any(other != described[0] for other in described):
            raise ValueError("groups of several formats, where one is understood")
        weights, activations = described[0]
        found = {"weights": weights}
        if activations:
            found["activations"] = _described(activations)
    cache = given.get("kv_cache_scheme") or given.get("kv_cache_quant_algo")
    if cache:
        found["kv_cache"] = _described(cache) if isinstance(cache, dict) else {"FP8": "fp8", "NVFP4": "nvfp4"}[cache]
    return found


def _described(tensor: Mapping[str, Any]) -> str:
    """Format of a tensor that is described by its bits, type and group."""
    bits, group = tensor["num_bits"], tensor.get("group_size")
    if tensor.get("type", "int") == "int":
        return "int8" if bits == 8 and not group else _integer(bits, group, symmetric=tensor.get("symmetric", True))  # noqa: PLR2004 - a width
    if tensor.get("block_structure") not in (None, [128, 128]):
        raise ValueError(f"blocks of {shown(tensor['block_structure'])}, where 128 x 128 are understood")
    names = {(8, None): "fp8", (4, 16): "nvfp4", (4, 32): "mxfp4"}
    if (bits, None) == (8, group) and tensor.get("block_structure"):
        return "fp8-block"
    return names[bits, group]


def _integer(bits: Any, group: Any, *, symmetric: bool) -> str:  # noqa: ANN401 - JSON
    """Name of an integer format; without a group, one scale serves a whole channel."""
    if group in (None, -1):
        name = {8: "int8", 4: "int4-channel"}.get(bits, "")
    else:
        name = f"int{bits}-g{group}" + ("" if symmetric else "z")
    if name not in formats:
        raise ValueError(f"{shown(bits)} bits in groups of {shown(group)}")
    return name


METHODS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, str | None]]] = {
    "fp8": _fp8,
    "mxfp4": _mxfp4,
    "gptq": _gptq,
    "awq": _awq,
    "bitnet": _bitnet,
    "bitsandbytes": _bitsandbytes,
    "compressed-tensors": _groups,
    "modelopt": _groups,
}
"""Quantisation methods by the name that configurations give them."""
