"""What a batch of tokens touches of something of which each token touches a share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .base import Feature

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from .base import Shape


@dataclass(frozen=True, slots=True)
class Touched(Feature):
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

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """Share: each part is missed by a token with probability 1 - a, so that 1 - (1 - a)^T are touched [1]."""
        return self._union(shape.batch * shape.query)

    def together(self, shapes: Sequence[Shape]) -> NDArray[np.float64]:
        """Share that the tokens of all the steps touch between them [1]."""
        return self._union(sum((shape.batch * shape.query for shape in shapes[1:]), shapes[0].batch * shapes[0].query))

    def _union(self, tokens: NDArray[np.float64]) -> NDArray[np.float64]:
        union: NDArray[np.float64] = 1 - np.power(1 - self.share, tokens)
        return union


@dataclass(frozen=True, slots=True)
class TouchedKeys(Feature):
    """Keys of a head that some token of their sequence needs in a step.

    Parameters
    ----------
    keys : Feature
        Keys that are there.
    share : float
        Probability that a token needs the head [1].
    """

    keys: Feature
    share: float

    @property
    def name(self) -> str:
        """Name for people."""
        return f"{self.keys.name} of heads that some token needs ({self.share:.3g} each)"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """Keys times 1 - (1 - a)^q for the q tokens of a sequence [1]."""
        needed: NDArray[np.float64] = self.keys.of(shape) * (1 - np.power(1 - self.share, shape.query))
        return needed

    def bends(self, first: int, last: int, query: int = 1) -> Iterable[int]:
        """Those of the keys [token]."""
        return self.keys.bends(first, last, query)
