"""What new tokens see of a source that an encoder has read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .base import Feature

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .base import Shape


@dataclass(frozen=True, slots=True)
class SourcePairs(Feature):
    """(Query, key) pairs of cross attention: every new token sees the whole source."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "pairs with the source"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """Pairs, b q s [1]."""
        return shape.batch * shape.query * shape.source


@dataclass(frozen=True, slots=True)
class SourceContext(Feature):
    """Keys of cross attention."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "source tokens"

    def of(self, shape: Shape) -> NDArray[np.float64]:
        """Keys, b s [1]."""
        return shape.batch * shape.source


SOURCE_PAIRS: Feature = SourcePairs()
SOURCE_CONTEXT: Feature = SourceContext()
