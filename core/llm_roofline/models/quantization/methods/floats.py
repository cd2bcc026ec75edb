"""Narrow floats, and what bitsandbytes and BitNet store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....basics import shown
from ....formats import WIDE
from ..names import floating
from ..statement import Described, Statement
from .exceptions import KEYS as EXCEPTIONS
from .exceptions import exceptions
from .groups import by_layer
from .tensor_format import cache_format

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..section import Section

_OUTLIERS = (
    "LLM.int8() multiplies columns of outliers in 16 bit, 0.1 % of all by its paper; their number is not in the "
    "configuration, and all are counted at 8 bit."
)


def fp8(given: Section) -> Statement:
    """FP8 with a scale for each tensor, channel or block (arXiv 2412.19437, section 3.3), activations alike."""
    weights = floating(8, None, given.get("weight_block_size"))
    scheme = given.get("activation_scheme", default="dynamic")
    if scheme not in ("dynamic", "static"):
        raise ValueError(f"an activation_scheme of {shown(scheme)}; understood are dynamic and static")
    cache, layers = cache_format(given), by_layer(given)
    if layers:  # ModelOpt made them anew: what it left alone, under `ignore`, is FP8 as before
        given.get(*EXCEPTIONS, "quant_algo", "moe_quant_algo", "group_size")
        return Statement(Described(weights, "fp8"), layers, cache, of_towers=True)
    return Statement(Described(weights, "fp8"), (exceptions(given),), cache, of_towers=True)


def fbgemm(given: Section) -> Statement:
    """FBGEMM: FP8 with one scale a channel, and one a token for activations."""
    return Statement(Described("fp8", "fp8"), (exceptions(given),), of_towers=True)


def w8a8(name: str) -> Callable[[Section], Statement]:
    """A method whose weights and activations have one format of 8 bit.

    Parameters
    ----------
    name : str
        The format.
    """
    return lambda given: Statement(Described(name, name), (exceptions(given),))


def mxfp4(given: Section) -> Statement:
    """The method of gpt-oss, which quantises its experts alone."""
    return Statement(Described("mxfp4"), (exceptions(given),), experts_alone=True)


def fp_quant(given: Section) -> Statement:
    """FP-Quant (arXiv 2509.23202): both operands in MXFP4 or NVFP4, rotated by Hadamard matrices."""
    name = given.get("forward_dtype", default="nvfp4")
    if name not in ("nvfp4", "mxfp4"):
        raise ValueError(f"a forward_dtype of {shown(name)}; understood are nvfp4 and mxfp4")
    given.get("forward_method", "backward_dtype", "transform_init")
    if given.get("pseudoquantization"):
        raise ValueError("pseudoquantization, which stores 16 bit")
    return Statement(Described(name, name), (exceptions(given),))


def bitnet(given: Section) -> Statement:
    """BitNet b1.58 (arXiv 2402.17764): ternary weights, activations of 8 bit."""
    return Statement(Described("ternary", "int8"), (exceptions(given),))


def bitsandbytes(given: Section) -> Statement:
    """LLM.int8() (arXiv 2208.07339) and QLoRA (arXiv 2305.14314)."""
    given.get("bnb_4bit_compute_dtype", "bnb_4bit_quant_storage")
    notes: tuple[str, ...] = ()
    if given.get("load_in_8bit"):
        found, notes = Described("int8", "int8"), (_OUTLIERS,)
        if given.get("llm_int8_has_fp16_weight"):  # quantised anew in every pass
            found = Described(WIDE, "int8")
    elif given.get("load_in_4bit"):
        kind = given.get("bnb_4bit_quant_type", default="nf4")
        if kind not in ("nf4", "fp4"):
            raise ValueError(f"a bnb_4bit_quant_type of {shown(kind)}; understood are nf4 and fp4")
        double = given.get("bnb_4bit_use_double_quant")  # fp4 has the groups and scales of nf4
        found = Described("nf4-double" if double else "nf4")
    else:
        raise ValueError("neither load_in_8bit nor load_in_4bit is set")
    given.get("load_in_8bit", "load_in_4bit", "bnb_4bit_use_double_quant", "bnb_4bit_quant_type")
    given.get("llm_int8_has_fp16_weight")
    return Statement(found, (exceptions(given),), of_towers=True, notes=notes)
