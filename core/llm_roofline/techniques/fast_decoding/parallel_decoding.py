"""Several positions in every pass, all accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..base import Technique
from ..guessing import RIVALS, checked
from ..parameters import count

if TYPE_CHECKING:
    from ...plan import Plan


@dataclass(frozen=True)
class ParallelDecoding(Technique):
    """A non-autoregressive step: n tokens at once, the limit of every technique that guesses."""

    name = "parallel-decoding"
    label = "parallel decoding"
    mechanism = (
        "Every pass yields n tokens for one loading of the weights: what guessing would give if it were never wrong."
    )
    citation = "Stern et al. 2018, arXiv 1811.03115"
    acts_on = "steps"
    neutral = {"tokens": 1}
    never_raises = ("ttft", "tpot", "prefill_flops", "prefill_bytes")
    rivals = RIVALS

    tokens: int = count(4, "tokens of a pass", low=1, high=1024)

    def plan(self, plan: Plan) -> Plan:
        """Run n tokens in every pass."""
        return checked(plan, self, self.tokens, float(self.tokens)) if self.tokens > 1 else plan
