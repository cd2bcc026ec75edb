"""A batch of unequal requests that waits for its longest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...serving import Uneven
from ..base import Technique
from ..parameters import number

if TYPE_CHECKING:
    from ...serving import Plan


@dataclass(frozen=True)
class StaticBatching(Technique):
    """Slots whose request has ended stay idle until the last one ends."""

    name = "static-batching"
    label = "static batching"
    mechanism = "Requests of a batch end with the longest one, so that only a share of the tokens is of use to anybody."
    citation = "Orca, Yu et al., OSDI 2022, section 3"
    acts_on = "serving"
    neutral = {"mean": 1.0}
    never_raises = ("tokens_per_s", "ttft", "tpot", "prefill_flops", "decode_flops", "memory_bytes")
    rivals = "say which requests run together"

    mean: float = number(0.5, "mean output over the longest", 0.001, 1)

    def plan(self, plan: Plan) -> Plan:
        """Let every request wait."""
        return plan.with_schedule(serving=Uneven(self.mean)) if self.mean < 1 else plan
