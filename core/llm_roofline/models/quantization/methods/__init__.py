"""Methods of quantisation: how each states its formats. One family of formats a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .codebooks import aqlm, exl, higgs, spqr, vptq
from .floats import bitnet, bitsandbytes, fbgemm, fp8, fp_quant, mxfp4, w8a8
from .groups import compressed_tensors, modelopt
from .integers import auto_round, awq, eetq, gptq, hqq, mlx, quanto
from .quark import quark
from .torchao import torchao

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..section import Section
    from ..statement import Statement

METHODS: Mapping[str, Callable[[Section], Statement]] = {
    "fp8": fp8,
    "mxfp4": mxfp4,
    "gptq": gptq,
    "awq": awq,
    "bitnet": bitnet,
    "bitsandbytes": bitsandbytes,
    "compressed-tensors": compressed_tensors,
    "modelopt": modelopt,
    "mlx": mlx,
    "auto-round": auto_round,
    "fbgemm_fp8": fbgemm,
    "fp_quant": fp_quant,
    "quark": quark,
    "torchao": torchao,
    "hqq": hqq,
    "quanto": quanto,
    "eetq": eetq,
    "w8a8_int8": w8a8("int8"),
    "w8a8_fp8": w8a8("fp8"),
    "aqlm": aqlm,
    "exl2": exl,
    "exl3": exl,
    "higgs": higgs,
    "spqr": spqr,
    "vptq": vptq,
}
"""Quantisation methods by the name that configurations give them."""
ALIASES: Mapping[str, str] = {
    "compressed_tensors": "compressed-tensors",
    "sparseml": "compressed-tensors",
    "modelopt_fp4": "modelopt",
    "modelopt_fp8": "modelopt",
    "modelopt_mixed": "modelopt",
    "gptq_marlin": "gptq",
    "gptqmodel": "gptq",
    "awq_marlin": "awq",
    "auto_round": "auto-round",
    "intel/auto-round": "auto-round",
    "autoround": "auto-round",
    "fbgemm-fp8": "fbgemm_fp8",
    "gpt_oss_mxfp4": "mxfp4",
    "bnb": "bitsandbytes",
}
"""Other names of the same."""
