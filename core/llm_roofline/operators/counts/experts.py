"""How many experts a batch of tokens hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .base import Count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..step import StepArrays


@dataclass(frozen=True, slots=True)
class ExpertsHit(Count):
    """Distinct experts that the tokens of a step are sent to, as expected under even routing.

    Parameters
    ----------
    experts : int
        Experts of a layer [1].
    chosen : int
        Experts that each token is sent to [1].
    tokens : int
        Tokens that arrive for each of this device's own, from all devices among which experts are divided [1].
    """

    experts: int
    chosen: int
    tokens: int = 1

    @property
    def name(self) -> str:
        """Name for people."""
        return f"experts hit ({self.chosen:,} of {self.experts:,} a token)"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Experts that its tokens hit [1]."""
        return self._hit(step.batch * step.query_tokens)

    def together(self, steps: Sequence[StepArrays]) -> NDArray[np.float64]:
        """Experts that the tokens of all the steps hit between them [1]."""
        return self._hit(
            sum((step.batch * step.query_tokens for step in steps[1:]), steps[0].batch * steps[0].query_tokens)
        )

    def _hit(self, tokens: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each is missed by a token with probability 1 - k/E, so that E (1 - (1 - k/E)^T) are hit [1]."""
        missed = 1 - self.chosen / self.experts
        hit: NDArray[np.float64] = self.experts * (1 - np.power(missed, tokens * self.tokens))
        return hit
