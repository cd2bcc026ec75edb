"""How many experts a batch of tokens hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .base import Feature

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .base import Shape


@dataclass(frozen=True, slots=True)
class ExpertsHit(Feature):
    """Distinct experts that the tokens of a step are sent to, as expected under even routing.

    Parameters
    ----------
    experts : int
        Experts of a layer [1].
    chosen : int
        Experts that each token is sent to [1].
    """

    experts: int
    chosen: int

    @property
    def name(self) -> str:
        """Name for people."""
        return f"experts hit ({self.chosen:,} of {self.experts:,} a token)"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """Experts: each is missed by a token with probability 1 - k/E, so that E (1 - (1 - k/E)^T) are hit [1]."""
        missed = 1 - self.chosen / self.experts
        hit: NDArray[np.float64] = self.experts * (1 - np.power(missed, shape.batch * shape.query))
        return hit
