"""What a feature is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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

    def turns(self, first: int, last: int) -> Iterable[int]:  # noqa: ARG002 - most features have none
        """Contexts from ``first`` on and before ``last`` after which a step of one token leaves its line [token]."""
        return ()

    def bends(self, first: int, last: int, query: int = 1) -> Iterable[int]:
        """Contexts from ``first`` on and before ``last`` after which a step leaves its straight line [token].

        A step of several tokens is a sum over them, so that each turns where it would alone.

        Parameters
        ----------
        first, last : int
            Contexts of the first and the last step [token].
        query : int
            New tokens of each step [token].
        """
        turns = self.turns(first - query + 1, last)
        if query == 1 or not turns:
            return turns
        found = {turn + k for turn in turns for k in range(query)}
        return sorted(context for context in found if first <= context < last)

    def together(self, shapes: Sequence[Shape]) -> NDArray[np.float64]:
        """Value in passes that run several shapes of steps at once, shape ``(*sweep)`` [1]; their sum for most.

        Parameters
        ----------
        shapes : sequence of Shape
            What runs together.
        """
        return sum((self.of(shape) for shape in shapes[1:]), self.of(shapes[0]))
