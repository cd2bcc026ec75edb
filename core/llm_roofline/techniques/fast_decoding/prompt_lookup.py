"""Guesses that are looked up in the text so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..base import Technique
from ..guessing import RIVALS, checked, expected_tokens
from ..parameters import count, number

if TYPE_CHECKING:
    from ...plan import Plan


@dataclass(frozen=True)
class PromptLookup(Technique):
    """What followed the last tokens before is guessed to follow again; no model drafts."""

    name = "prompt-lookup"
    label = "n-gram lookup"
    mechanism = (
        "Guesses are copied from the prompt or a store of texts, and one pass checks them; a guess costs nothing."
    )
    citation = "LLMA, Yang et al. 2023, arXiv 2304.04487; REST, He et al. 2023, arXiv 2311.08252"
    acts_on = "steps"
    neutral = {"guesses": 0}
    never_raises = ("ttft", "prefill_flops", "prefill_bytes")
    rivals = RIVALS

    guesses: int = count(8, "tokens looked up for a check", high=1024)
    acceptance: float = number(0.4, "probability that a guess is right", 0, 1)

    def plan(self, plan: Plan) -> Plan:
        """Check what was looked up."""
        if not self.guesses:
            return plan
        return checked(plan, self, 1 + self.guesses, expected_tokens(self.guesses, self.acceptance))
