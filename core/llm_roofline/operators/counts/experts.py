"""How many experts a batch of tokens hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .base import Feature

if TYPE_CHECKING:
    from collections.abc import Sequence

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

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """Experts: each is missed by a token with probability 1 - k/E, so that E (1 - (1 - k/E)^T) are hit [1]."""
        return self._hit(shape.batch * shape.query)

    def together(self, shapes: Sequence[Shape]) -> NDArray[np.float64]:
        """Experts that the tokens of all the steps hit between them [1]."""
        return self._hit(sum((shape.batch * shape.query for shape in shapes[1:]), shapes[0].batch * shapes[0].query))

    def _hit(self, tokens: NDArray[np.float64]) -> NDArray[np.float64]:
        missed = 1 - self.chosen / self.experts
        hit: NDArray[np.float64] = self.experts * (1 - np.power(missed, tokens * self.tokens))
        return hit
