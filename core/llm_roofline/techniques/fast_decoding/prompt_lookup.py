"""Guesses that are looked up in the text so far."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameters import count, number
from ..rewriting.guessing import Guessing, expected_tokens


@dataclass(frozen=True)
class PromptLookup(Guessing):
    """What followed the last tokens before is guessed to follow again; no model drafts."""

    name = "prompt-lookup"
    label = "n-gram lookup"
    mechanism = (
        "Guesses are copied from the prompt or a store of texts, and one pass checks them; a guess costs nothing."
    )
    citation = "LLMA, Yang et al. 2023, arXiv 2304.04487; REST, He et al. 2023, arXiv 2311.08252"
    neutral = {"guesses": 0}
    never_raises_apart = ("ttft", *Guessing.never_raises_apart)

    guesses: int = count(8, "tokens looked up for a check", high=1024)
    acceptance: float = number(0.4, "probability that a guess is right", 0, 1)

    @property
    def query_tokens(self) -> int:
        """The last token and the guesses [1]."""
        return 1 + self.guesses

    @property
    def tokens_per_step(self) -> float:
        """The guesses that are right, and one more [1]."""
        return expected_tokens(self.guesses, self.acceptance)
