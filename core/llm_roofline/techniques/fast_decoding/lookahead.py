"""Parallel decoding by Jacobi iteration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..base import Technique
from ..guessing import RIVALS, checked
from ..parameters import count, number

if TYPE_CHECKING:
    from ...plan import Plan


@dataclass(frozen=True)
class Lookahead(Technique):
    """A window of positions is refined in parallel, and what it finds is checked in the same pass."""

    name = "lookahead-decoding"
    label = "lookahead decoding"
    mechanism = (
        "Each pass refines a window of later positions by Jacobi iteration and checks n-grams found before, "
        "(W + G) (N - 1) tokens in all."
    )
    citation = "Fu et al. 2024, arXiv 2402.02057; Santilli et al. 2023, arXiv 2305.10427"
    acts_on = "steps"
    neutral = {"window": 1, "ngram": 2, "checks": 0, "tokens": 1.0}
    never_raises = ("ttft", "prefill_flops", "prefill_bytes")
    rivals = RIVALS

    window: int = count(15, "positions refined at once, W", low=1, high=1024)
    ngram: int = count(5, "length of an n-gram, N", low=2, high=64)
    checks: int = count(15, "n-grams checked at once, G", high=1024)
    tokens: float = number(1.8, "tokens that a pass yields, as measured", 1, 64)

    def plan(self, plan: Plan) -> Plan:
        """Run window and n-grams in every pass."""
        if self.tokens == 1 and (self.window, self.ngram, self.checks) == (1, 2, 0):
            return plan
        return checked(plan, self, (self.window + self.checks) * (self.ngram - 1), self.tokens)
