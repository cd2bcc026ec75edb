"""What is read again for every block of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .base import Count
from .visible import Windowed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ..step import StepArrays


@dataclass(frozen=True, slots=True)
class Reread(Count):
    """A count, as often as there are blocks of new tokens.

    Parameters
    ----------
    count : Count
        What is read.
    block : int
        New tokens of a sequence that share one reading [token].
    """

    count: Count
    block: int

    @property
    def name(self) -> str:
        """Name for people."""
        return f"{self.count.name} for each {self.block:,} queries"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """What a block reads times the blocks of new tokens; of a window, what its own queries see [1]."""
        blocks = np.ceil(step.query_tokens / self.block)
        if isinstance(self.count, Windowed):
            step = step._replace(query_tokens=np.minimum(step.query_tokens, self.block))
        return self.count.of(step) * blocks

    def bends(self, first: int, last: int, query: int = 1) -> Iterable[int]:
        """Those of the count [token]."""
        return self.count.bends(first, last, query)
