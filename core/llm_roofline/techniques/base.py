"""What a technique is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from ..operators import Operator


class Technique(ABC):
    """A named transform with its place in the survey, one sentence of what it does, and its citation."""

    name: ClassVar[str]
    label: ClassVar[str]
    category: ClassVar[str]
    mechanism: ClassVar[str]
    citation: ClassVar[str]

    @abstractmethod
    def transform(self, operator: Operator) -> Operator:
        """Return the operator that runs instead."""

    def __eq__(self, other: object) -> bool:
        """Equal if of the same class and parameters."""
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        """Hash of class and parameters."""
        return hash((type(self), *sorted(vars(self).items())))

    def __repr__(self) -> str:
        """The name."""
        return f"{type(self).__name__}()"
