"""What a count is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ..step import StepArrays


class Count(ABC):
    """A number that a step has. Subclasses are frozen dataclasses, so that equal ones are one column."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Name for people, with what it depends on."""

    @property
    def bending(self) -> bool:
        """Whether steps of growing context can leave its straight line."""
        return type(self).turns is not Count.turns or type(self).bends is not Count.bends

    @abstractmethod
    def of(self, step: StepArrays) -> NDArray[np.float64]:
        """Value in each step, shape ``(*sweep)`` [1].

        Parameters
        ----------
        step : Step
            The steps, as arrays.
        """

    def turns(self, first: int, last: int) -> Iterable[int]:  # noqa: ARG002 - most counts have none
        """Contexts from ``first`` on and before ``last`` after which a step of one token leaves its line [token].

        Parameters
        ----------
        first, last : int
            Contexts of the first and the last step [token].
        """
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
        contexts = {turn + k for turn in turns for k in range(query)}
        return sorted(context for context in contexts if first <= context < last)

    def together(self, steps: Sequence[StepArrays]) -> NDArray[np.float64]:
        """Value in passes that run several steps at once, shape ``(*sweep)`` [1]; their sum for most.

        Parameters
        ----------
        steps : sequence of Step
            What runs together.
        """
        return sum((self.of(step) for step in steps[1:]), self.of(steps[0]))
