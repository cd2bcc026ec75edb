"""Quantisation of the KV cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...formats import formats
from ..base import Technique
from ..parameters import choice

if TYPE_CHECKING:
    from ...serving import Plan


@dataclass(frozen=True)
class KVCacheQuantization(Technique):
    """Keys and values in a narrower format."""

    name = "kv-cache-quantization"
    label = "KV cache quantisation"
    mechanism = "Cached keys and values take fewer bytes, in memory and each time they are read."
    citation = "KIVI, Liu et al. 2024, arXiv 2402.02750; KVQuant, Hooper et al. 2024, arXiv 2401.18079"
    acts_on = "formats"
    neutral = {"format": "fp32"}
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")

    format: str = choice("int4", "format of keys and values", formats)

    def plan(self, plan: Plan) -> Plan:
        """Narrow the cache of every run."""
        return plan.with_runs(lambda run: run.narrowed(("kv_cache",), self.format))
