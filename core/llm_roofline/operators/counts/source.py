"""What new tokens see of a source that an encoder has read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .base import Count

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..step import StepArrays


@dataclass(frozen=True, slots=True)
class SourcePairs(Count):
    """(Query, key) pairs of cross attention: every new token sees the whole source."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "pairs with the source"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Pairs, b q s [1]."""
        return step.batch * step.query_tokens * step.source_tokens


@dataclass(frozen=True, slots=True)
class SourceContext(Count):
    """Keys of cross attention."""

    @property
    def name(self) -> str:
        """Name for people."""
        return "source tokens"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Keys, b s [1]."""
        return step.batch * step.source_tokens


SOURCE_PAIRS: Count = SourcePairs()
SOURCE_CONTEXT: Count = SourceContext()
