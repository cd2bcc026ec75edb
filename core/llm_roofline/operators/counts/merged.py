"""Groups of tokens that become one, such as neighbouring patches of an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .base import Count

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..step import StepArrays


@dataclass(frozen=True, slots=True)
class Merged(Count):
    """New tokens of all sequences, so many of them at a time.

    Parameters
    ----------
    size : int
        Tokens of a group [token].
    """

    size: int

    @property
    def name(self) -> str:
        """Name for people."""
        return f"groups of {self.size} tokens"

    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Groups, b q / size [1]."""
        return step.batch * step.query_tokens / self.size
