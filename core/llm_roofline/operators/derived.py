"""Operators that are made of another one."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .base import Operator
from .cost import Cost

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..formats import Conventions
    from .counts import Count


@dataclass(frozen=True, slots=True)
class Derived(Operator):
    """An operator that counts otherwise than the one it is made of, and is in all else the same.

    Parameters
    ----------
    whole : Operator
        The operator that it is made of.
    """

    whole: Operator

    @property
    def shown_as(self) -> str:
        """Kind that a picture shows it as."""
        return self.whole.shown_as

    @property
    def parameters(self) -> Mapping[str, float]:
        """Stored parameters by storage kind [1]."""
        return self.whole.parameters

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """Elements that a sequence keeps [1]."""
        return self.whole.kept

    def is_counted(self, conventions: Conventions) -> bool:
        """Whether the one it is made of is counted."""
        return self.whole.is_counted(conventions)

    def rows(self, conventions: Conventions) -> Iterable[Operator]:
        """The parts into which the one it is made of falls, each derived alike."""
        whole = replace(self.whole, inputs=self.inputs)  # what it reads may have been fused since
        rows = tuple(whole.rows(conventions))
        if rows == (whole,):
            return (self,)
        return tuple(replace(self, name=row.name, inputs=row.inputs, whole=row) for row in rows)

    def cost(self, conventions: Conventions) -> Cost:
        """Counts of the one it is made of, changed."""
        return self.changed(self.whole.cost(conventions))

    @abstractmethod
    def changed(self, cost: Cost) -> Cost:
        """Return what is counted instead.

        Parameters
        ----------
        cost : Cost
            What the operator that it is made of costs.
        """


def scaled(terms: Mapping[Count, float], share: float) -> dict[Count, float]:
    """Coefficients times a share [FLOP, 1 or s].

    Parameters
    ----------
    terms : mapping
        Coefficients by count.
    share : float
        What they are multiplied by [1].
    """
    return {count: value * share for count, value in terms.items()}
