"""Parallel decoding by Jacobi iteration."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameters import count, number
from ..rewriting.guessing import Guessing


@dataclass(frozen=True)
class Lookahead(Guessing):
    """A window of positions is refined in parallel, and what it finds is checked in the same pass."""

    name = "lookahead-decoding"
    label = "lookahead decoding"
    mechanism = (
        "Each pass refines a window of later positions by Jacobi iteration and checks n-grams found before, "
        "(W + G) (N - 1) tokens in all."
    )
    citation = "Fu et al. 2024, arXiv 2402.02057; Santilli et al. 2023, arXiv 2305.10427"
    neutral = {"window": 1, "ngram": 2, "checks": 0, "tokens": 1.0}
    never_raises_apart = ("ttft", *Guessing.never_raises_apart)

    window: int = count(15, "positions refined at once, W", low=1, high=1024)
    ngram: int = count(5, "length of an n-gram, N", low=2, high=64)
    checks: int = count(15, "n-grams checked at once, G", high=1024)
    tokens: float = number(1.8, "tokens that a pass yields, as measured", 1, 64)

    @property
    def query_tokens(self) -> int:
        """Tokens of window and n-grams, (W + G) (N - 1): section 3 of the paper [1]."""
        return (self.window + self.checks) * (self.ngram - 1)

    @property
    def tokens_per_step(self) -> float:
        """Tokens that were measured [1]."""
        return self.tokens
