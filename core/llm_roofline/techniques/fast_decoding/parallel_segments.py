"""Parts of an answer that are written beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..base import Technique
from ..parameters import count
from ..refusals import writers_alone

if TYPE_CHECKING:
    from ...serving import Plan


@dataclass(frozen=True)
class ParallelSegments(Technique):
    """Points of an outline become sequences of one batch, which share the prompt's keys and values."""

    name = "parallel-segments"
    label = "parallel segments"
    mechanism = (
        "Independent parts of an answer are written beside each other, so that the batch grows and fewer passes follow "
        "one another; the outline itself is not counted."
    )
    citation = "Skeleton-of-Thought, Ning et al. 2023, arXiv 2307.15337; APAR, Liu et al. 2024, arXiv 2401.06761"
    acts_on = "steps"
    neutral = {"segments": 1}
    never_raises_apart = ("ttft", "prefill_flops", "prefill_bytes")  # a large batch is bound by what each part adds

    segments: int = count(4, "parts of an answer", low=1, high=256)

    def plan(self, plan: Plan) -> Plan:
        """Let the parts run as sequences of their own."""
        if self.segments == 1:
            return plan
        writers_alone(plan, self)
        return plan.with_schedule(segments=self.segments)
