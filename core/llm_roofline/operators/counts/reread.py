"""What is read again for every block of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .base import Feature
from .visible import Windowed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from .base import Shape


@dataclass(frozen=True, slots=True)
class Reread(Feature):
    """A feature, as often as there are blocks of new tokens.

    Parameters
    ----------
    feature : Feature
        What is read.
    block : int
        New tokens of a sequence that share one reading [token].
    """

    feature: Feature
    block: int

    @property
    def name(self) -> str:
        """Name for people."""
        return f"{self.feature.name} for each {self.block:,} queries"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """What a block reads times the blocks of new tokens; of a window, what its own queries see [1]."""
        blocks = np.ceil(shape.query / self.block)
        if isinstance(self.feature, Windowed):
            shape = shape._replace(query=np.minimum(shape.query, self.block))
        return self.feature.of(shape) * blocks

    def bends(self, first: int, last: int, query: int = 1) -> Iterable[int]:
        """Those of the feature [token]."""
        return self.feature.bends(first, last, query)
