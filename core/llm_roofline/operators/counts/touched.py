"""What a batch of tokens touches of something of which each token touches a share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .base import Count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ..step import StepArrays


@dataclass(frozen=True, slots=True)
class Touched(Count):
    """Share that some token of a step touches, where tokens choose independently of each other.

    Parameters
    ----------
    share : float
        Share that one token touches [1].
    """

    share: float

    @property
    def name(self) -> str:
        """Name for people."""
        return f"share that some token needs ({self.share:.3g} each)"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Share: each part is missed by a token with probability 1 - a, so that 1 - (1 - a)^T are touched [1]."""
        return self._union(step.batch * step.query_tokens)

    def together(self, steps: Sequence[StepArrays]) -> NDArray[np.float64]:
        """Share that the tokens of all the steps touch between them [1]."""
        return self._union(
            sum((step.batch * step.query_tokens for step in steps[1:]), steps[0].batch * steps[0].query_tokens)
        )

    def _union(self, tokens: NDArray[np.float64]) -> NDArray[np.float64]:
        union: NDArray[np.float64] = 1 - np.power(1 - self.share, tokens)
        return union


@dataclass(frozen=True, slots=True)
class TouchedKeys(Count):
    """Keys of a head that some token of their sequence needs in a step.

    Parameters
    ----------
    keys : Count
        Keys that are there.
    share : float
        Probability that a token needs the head [1].
    """

    keys: Count
    share: float

    @property
    def name(self) -> str:
        """Name for people."""
        return f"{self.keys.name} of heads that some token needs ({self.share:.3g} each)"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Keys times 1 - (1 - a)^q for the q tokens of a sequence [1]."""
        needed: NDArray[np.float64] = self.keys.of(step) * (1 - np.power(1 - self.share, step.query_tokens))
        return needed

    def bends(self, first: int, last: int, query: int = 1) -> Iterable[int]:
        """Those of the keys [token]."""
        return self.keys.bends(first, last, query)
