"""What a batch touches of a few things that each sequence has one of."""

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
class AtMost(Feature):
    """Different ones of some things, no two sequences with the same while there are enough.

    Parameters
    ----------
    count : int
        How many there are [1].
    """

    count: int

    @property
    def name(self) -> str:
        """Name for people."""
        return f"sequences, at most {self.count:,}"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """The smaller of batch and count [1]."""
        return np.minimum(shape.batch, self.count)

    def together(self, shapes: Sequence[Shape]) -> NDArray[np.float64]:
        """The smaller of all sequences and count [1]."""
        return np.minimum(sum((shape.batch for shape in shapes[1:]), shapes[0].batch), self.count)
