"""Several positions in every pass, all accepted."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameters import count
from ..rewriting.guessing import Guessing


@dataclass(frozen=True)
class ParallelDecoding(Guessing):
    """A non-autoregressive step: n tokens at once, the limit of every technique that guesses."""

    name = "parallel-decoding"
    label = "parallel decoding"
    mechanism = (
        "Every pass yields n tokens for one loading of the weights: what guessing would give if it were never wrong."
    )
    citation = "Stern et al. 2018, arXiv 1811.03115"
    neutral = {"tokens": 1}
    never_raises_apart = ("ttft", *Guessing.never_raises_apart)  # the last of its tokens see more keys than one would

    tokens: int = count(4, "tokens of a pass", low=1, high=1024)

    @property
    def query_tokens(self) -> int:
        """All tokens [1]."""
        return self.tokens

    @property
    def tokens_per_step(self) -> float:
        """All tokens [1]."""
        return float(self.tokens)
