"""Data parallelism: copies of the model that share the requests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..base import Technique
from ..parameters import count

if TYPE_CHECKING:
    from ...serving import Plan


@dataclass(frozen=True)
class DataParallel(Technique):
    """Several copies of the model, each with its part of the batch."""

    name = "data-parallel"
    label = "data parallelism"
    mechanism = "Each of n copies of the model serves its part of the batch, and nothing crosses the network."
    citation = "replicas beside model parallelism: AlpaServe, Li et al. 2023, arXiv 2302.11665"
    acts_on = "serving"
    neutral = {"replicas": 1}
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")

    replicas: int = count(2, "copies", low=1, high=2**20)

    def plan(self, plan: Plan) -> Plan:
        """Share the batch."""
        replicated = plan.with_schedule(replicas=plan.schedule.replicas * self.replicas)
        return replace(replicated, devices=plan.devices * self.replicas)
