"""Integers in groups: GPTQ, AWQ, MLX, AutoRound, HQQ, Quanto and EETQ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....basics import shown
from ..names import WIDE_BITS, floating, integer
from ..patterns import alternatives
from ..statement import Described, Rule, Statement
from .exceptions import exceptions

if TYPE_CHECKING:
    from ..section import Section

_HEAD = "lm_head"


def gptq(given: Section) -> Statement:
    """GPTQ (arXiv 2210.17323), with the bits by module that GPTQModel calls ``dynamic``."""
    default = _of_gptq(given, given)
    rules = []
    dynamic = given.part("dynamic")
    for key in dynamic.keys() if dynamic else ():  # the first that matches decides; "-:" skips
        names = tuple(alternatives([key.removeprefix("+:").removeprefix("-:")], expressions=True))
        own = dynamic.part(key) if dynamic else None
        described = _of_gptq(own, given) if own else default
        rules.append(Rule(names, None if key.startswith("-:") else described, "dynamic"))
    inside = given.get("modules_in_block_to_quantize")
    if inside:  # all others stay
        listed = [text for entry in inside for text in (entry if isinstance(entry, list) else [entry])]
        rules.append(Rule(tuple(alternatives(listed)), default, "modules_in_block_to_quantize"))
    given.get("block_name_to_quantize", "format")
    head = default if given.get(_HEAD) is True else None
    return Statement(None if inside else default, (exceptions(given), *rules), head=head)


def _of_gptq(own: Section, whole: Section) -> Described | None:
    bits = _bits(own, whole)
    return Described(integer(bits, *_group(own, whole))) if bits < WIDE_BITS else None


def _bits(own: Section, whole: Section) -> int:
    """Bits of some modules, or else those of all."""
    bits: int | None = own.get("bits", default=whole.get("bits"))
    if bits is None:
        raise KeyError("bits")
    return bits


def _group(own: Section, whole: Section) -> tuple[Any, str]:
    """Weights of a group of some modules, or else of all [1], and what stands beside their scale."""
    group = own.get("group_size", default=whole.get("group_size"))
    symmetric = own.get("sym", default=whole.get("sym", default=True))
    return group, "" if symmetric else "z"


def awq(given: Section) -> Statement:
    """AWQ (arXiv 2306.00978)."""
    bits, group = given.get("bits", "w_bit"), given.get("group_size", "q_group_size")
    given.get("format")  # of its kernels
    zero = given.get("zero_point", default=True)
    default = Described(integer(bits, group, "z" if zero else ""))
    return Statement(default, (exceptions(given),), head=default if given.get(_HEAD) is True else None)


def mlx(given: Section) -> Statement:
    """MLX, which quantises embedding and head as well; a scale and a bias of 16 bit a group."""
    default = _of_mlx(given)
    rules = [
        Rule(tuple(alternatives([name])), _of_mlx(part) if "bits" in part else default, "quantization")
        for name, part in given.objects().items()
    ]
    left = [name for name in given.dotted() if not given.get(name)]
    rules.append(Rule(tuple(alternatives(left)), None, "quantization"))
    return Statement(default, tuple(rules), head=default, embedding=default)


def _of_mlx(given: Section) -> Described | None:
    bits, group, mode = given.get("bits"), given.get("group_size"), given.get("mode", default="affine")
    if bits is None and mode == "affine":
        raise KeyError("bits")
    if isinstance(bits, int) and bits >= WIDE_BITS:
        return None
    if mode != "affine":
        return Described(floating(bits or (8 if mode == "mxfp8" else 4), group or (16 if mode == "nvfp4" else 32)))
    return Described(integer(bits, group, "b"))


def auto_round(given: Section) -> Statement:
    """AutoRound (arXiv 2309.05516), which may state bits for single modules in ``extra_config``."""
    default = _of_auto_round(given, given)
    extra = given.parts("extra_config")
    rules = [
        Rule(tuple(alternatives([name])), _of_auto_round(part, given), "extra_config") for name, part in extra.items()
    ]
    given.get("block_name_to_quantize", "to_quant_block_names", "quant_block_list")
    head = default if given.get(_HEAD, "quant_lm_head") is True else None
    return Statement(default, (exceptions(given), *rules), head=head)


def _of_auto_round(own: Section, whole: Section) -> Described | None:
    bits = _bits(own, whole)
    if bits >= WIDE_BITS:
        return None
    group, beside = _group(own, whole)
    kind = own.get("data_type", default=whole.get("data_type", default="int"))
    act_bits = own.get("act_bits", default=whole.get("act_bits", default=WIDE_BITS))
    own.get("act_group_size", "act_sym", "act_dynamic", "act_data_type", "super_bits")
    is_float = "fp" in str(kind)
    weights = floating(bits, group) if is_float else integer(bits, group, beside)
    if act_bits >= WIDE_BITS:
        return Described(weights)
    return Described(weights, floating(act_bits, group if act_bits == 4 else None) if is_float else "int8")  # noqa: PLR2004 - a width


def hqq(given: Section) -> Statement:
    """HQQ: a scale and a zero point of 16 bit a group; bits may differ by the end of a module's name."""
    whole = given.part("quant_config") or given
    if "weight_quant_params" in whole:
        return Statement(_of_hqq(whole), (exceptions(given),))
    rules = [Rule(tuple(alternatives([name])), _of_hqq(part), "quant_config") for name, part in whole.objects().items()]
    return Statement(None, (exceptions(given), *rules))


def _of_hqq(given: Section) -> Described:
    weights = given.part("weight_quant_params")
    if weights is None:
        raise KeyError("weight_quant_params")
    for key in ("scale_quant_params", "zero_quant_params"):
        if given.get(key):
            raise ValueError(f"{key}, where scales of 16 bit are understood")
    narrow = [key for key in ("quant_zero", "quant_scale") if weights.get(key)]
    if narrow:
        raise ValueError(f"{' and '.join(narrow)}, where scales of 16 bit are understood")
    weights.get("optimize", "round_zero", "channel_wise")
    return Described(integer(weights["nbits"], weights.get("group_size"), "b"))


_QUANTO = {"int8": "int8", "int4": "int4-g128b", "int2": "int2-g128b", "float8": "fp8"}


def quanto(given: Section) -> Statement:
    """Optimum Quanto: groups of 128 with a scale and a shift of 16 bit below 8 bits, else one scale a channel."""
    weights, activations = given.get("weights"), given.get("activations")
    found = _looked_up(weights, _QUANTO, "weights")
    beside = {"int8": "int8", "float8": "fp8"}
    default = Described(found, _looked_up(activations, beside, "activations")) if activations else Described(found)
    return Statement(default, (exceptions(given),), of_towers=True)


def eetq(given: Section) -> Statement:
    """EETQ: integers of 8 bit, one scale a channel."""
    weights = given.get("weights", default="int8")
    return Statement(Described(_looked_up(weights, {"int8": "int8"}, "weights")), (exceptions(given),), of_towers=True)


def _looked_up(stated: Any, among: dict[str, str], what: str) -> str:  # noqa: ANN401 - JSON
    if not isinstance(stated, str) or stated not in among:
        raise ValueError(f"{what} of {shown(stated)}; understood are {', '.join(among)}")
    return among[stated]
