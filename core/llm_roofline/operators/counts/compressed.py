"""What new tokens see where every so many tokens are compressed into one key, besides those of a sliding window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .base import Count

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from ..step import StepArrays


@dataclass(frozen=True, slots=True)
class Compressed(Count):
    """A count of near tokens, and its share of far ones.

    A key that is not complete counts in part, where it is not seen before it is complete: that is less than one key a
    query too many.

    Parameters
    ----------
    near, far : Count
        What is counted in the window, and of the tokens that are compressed.
    ratio : int
        Tokens of a compressed key [token].
    """

    near: Count
    far: Count
    ratio: int

    @property
    def name(self) -> str:
        """Name for people."""
        return f"({self.near.name} + {self.far.name} / {self.ratio:,})"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """The sum [1]."""
        return self.near.of(step) + self.far.of(step) / self.ratio

    def bends(self, first: int, last: int, query: int = 1) -> Iterable[int]:
        """Those of both [token]."""
        return (*self.near.bends(first, last, query), *self.far.bends(first, last, query))
