"""Requests that enter a batch as soon as another one leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...serving import Continuous
from ..base import Technique
from ..refusals import decoders_alone

if TYPE_CHECKING:
    from ...serving import Plan


@dataclass(frozen=True)
class ContinuousBatching(Technique):
    """No slot waits for the longest request; every prefill stops the others' decode."""

    name = "continuous-batching"
    label = "continuous batching"
    mechanism = (
        "A request enters when a slot is free and its prompt is read at once: first tokens come early, and each such "
        "pass delays the next token of all others."
    )
    citation = "Orca, Yu et al., OSDI 2022"
    acts_on = "serving"
    never_raises = ("ttft", "prefill_flops", "memory_bytes")
    rivals = "say which requests run together"

    def plan(self, plan: Plan) -> Plan:
        """Let requests enter one by one."""
        decoders_alone(plan, self)
        return plan.with_schedule(prefill_alone=True, serving=Continuous())
