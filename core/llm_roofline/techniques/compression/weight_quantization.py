"""Quantisation of the weights alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...formats import WEIGHTS, formats
from ..base import Technique
from ..parameters import choice

if TYPE_CHECKING:
    from ...serving import Plan


@dataclass(frozen=True)
class WeightQuantization(Technique):
    """Weights of the linear layers in a narrower format; what is as narrow already stays."""

    name = "weight-quantization"
    label = "weight quantisation"
    mechanism = (
        "Weights take fewer bytes, their scales included, and are widened on the chip, so that the peak stays that of "
        "the activations."
    )
    citation = "GPTQ, Frantar et al. 2022, arXiv 2210.17323; AWQ, Lin et al. 2023, arXiv 2306.00978"
    acts_on = "formats"
    neutral = {"format": "fp32"}
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")

    format: str = choice("int4", "format of the weights", formats)

    def plan(self, plan: Plan) -> Plan:
        """Narrow the weights of every run."""
        return plan.with_runs(lambda run: run.narrowed(WEIGHTS, self.format))
