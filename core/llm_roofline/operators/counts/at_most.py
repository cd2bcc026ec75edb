"""What a batch touches of a few things that each sequence has one of."""

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
class AtMost(Count):
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

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """The smaller of batch and count [1]."""
        return np.minimum(step.batch, self.count)

    def together(self, steps: Sequence[StepArrays]) -> NDArray[np.float64]:
        """The smaller of all sequences and count [1]."""
        return np.minimum(sum((step.batch for step in steps[1:]), steps[0].batch), self.count)
