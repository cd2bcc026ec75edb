"""How many experts a batch of tokens hits where some are chosen more often than others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from .experts import ExpertsHit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SkewedHit(ExpertsHit):
    """Distinct experts that the tokens of a step are sent to, where their popularity follows a power law.

    Parameters
    ----------
    skew : float
        The exponent: the popularity of the i-th expert goes with i to the power of minus so much [1].
    """

    skew: float = 0.0

    @property
    def name(self) -> str:
        """Name for people."""
        return f"experts hit ({self.chosen:,} of {self.experts:,} a token, skew {self.skew:g})"

    def _hit(self, tokens: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over the experts of the probability that some token is sent there [1]."""
        popularity = _popularity(self.experts, self.chosen, self.skew).reshape(-1, *(1,) * np.ndim(tokens))
        hit: NDArray[np.float64] = (1 - np.power(1 - popularity, tokens * self.tokens)).sum(axis=0)
        return hit


@lru_cache(maxsize=256)
def _popularity(experts: int, chosen: int, skew: float) -> NDArray[np.float64]:
    """Probability that a token is sent to each expert, at most 1; they add up to the experts that it chooses."""
    weights = np.arange(1, experts + 1, dtype=np.float64) ** -skew
    certain = 0
    while True:  # an expert that would be chosen more than once is chosen for certain, and the others share the rest
        rest = (chosen - certain) * weights[certain:] / weights[certain:].sum()
        if not rest.size or rest[0] <= 1:
            return np.concatenate((np.ones(certain), rest))
        certain += 1
