"""Quantisation of weights and activations together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...formats import WEIGHTS, formats
from ..base import Technique
from ..parameters import choice

if TYPE_CHECKING:
    from ...serving import Plan


@dataclass(frozen=True)
class WeightActivationQuantization(Technique):
    """Weights and the operands of matrix products in a narrower format."""

    name = "weight-activation-quantization"
    label = "weight and activation quantisation"
    mechanism = "Both operands of a product are narrow, so that it runs at the narrow peak where the device has one."
    citation = "SmoothQuant, Xiao et al. 2022, arXiv 2211.10438; ZeroQuant, Yao et al. 2022, arXiv 2206.01861"
    acts_on = "formats"
    neutral = {"format": "fp32"}
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")

    format: str = choice("int8", "format of weights and activations", formats)

    def plan(self, plan: Plan) -> Plan:
        """Narrow weights and activations of every run."""
        kinds = (*WEIGHTS, "activations")
        return plan.with_runs(lambda run: run.narrowed(kinds, self.format))
