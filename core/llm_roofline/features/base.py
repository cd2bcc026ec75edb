"""What a feature is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray


class Shape(NamedTuple):
    """The fields of steps as float64 arrays of one shape, ``(*sweep)``.

    Parameters
    ----------
    batch, query, context, prompt, source : ndarray
        Sequences, new tokens, keys visible to the last of them, whether the new tokens are the prompt, and tokens that
        an encoder has read [1].
    """

    batch: NDArray[np.float64]
    query: NDArray[np.float64]
    context: NDArray[np.float64]
    prompt: NDArray[np.float64]
    source: NDArray[np.float64]

    @property
    def past(self) -> NDArray[np.float64]:
        """Tokens of each sequence before the new ones [1]."""
        return self.context - self.query


class Feature(ABC):
    """A number that a step has. Subclasses are frozen dataclasses, so that equal ones are one column."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Name for people, with what it depends on."""

    @abstractmethod
    def of(self, shape: Shape) -> NDArray[np.float64]:
        """Value in each step, shape ``(*sweep)`` [1]."""

    def bends(self, first: int, last: int) -> Iterable[int]:  # noqa: ARG002 - most features have none
        """Contexts from ``first`` on and before ``last`` after which a decode step leaves its straight line [token]."""
        return ()
