"""Operators that run as one."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .base import Operator
from .cost import COLUMNS, Cost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..formats import Conventions
    from .counts import Count


@dataclass(frozen=True, slots=True)
class Fused(Operator):
    """Operators between which operands stay on the chip.

    Parameters
    ----------
    parts : tuple of Operator
        What is fused, in forward order.
    """

    parts: tuple[Operator, ...]

    @property
    def shown_as(self) -> str:
        """Kind of the first part."""
        return self.parts[0].shown_as

    @property
    def parameters(self) -> Mapping[str, float]:
        """Stored parameters of all parts by storage kind [1]."""
        total: dict[str, float] = {}
        for part in self.parts:
            for kind, count in part.parameters.items():
                total[kind] = total.get(kind, 0) + count
        return total

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """What a sequence keeps of all parts [1]."""
        total: dict[str, dict[Count, float]] = {}
        for part in self.parts:
            for kind, terms in part.kept.items():
                _add(total.setdefault(kind, {}), terms)
        return total

    def is_counted(self, conventions: Conventions) -> bool:
        """Whether any part is."""
        return any(part.is_counted(conventions) for part in self.parts)

    def cost(self, conventions: Conventions) -> Cost:
        """Counts of all parts, less what is neither read nor written."""
        costs = self.left([part.cost(conventions) for part in self.parts if part.is_counted(conventions)])
        total: dict[str, dict[Count, float]] = {column.name: {} for column in COLUMNS}
        for cost in costs:
            for name, terms in total.items():
                _add(terms, getattr(cost, name))
        product = next((cost for cost in costs if cost.operands), costs[0])
        return replace(
            product,
            **total,  # type: ignore[arg-type]  # of its own fields
            formula=" + ".join(cost.formula for cost in costs),
            source="; ".join(dict.fromkeys(cost.source for cost in costs)),
        )

    @abstractmethod
    def left(self, costs: list[Cost]) -> list[Cost]:
        """Counts of the parts without what stays on the chip.

        Parameters
        ----------
        costs : list of Cost
            Costs of the parts, in forward order.
        """


@dataclass(frozen=True, slots=True)
class SharedInput(Fused):
    """Operators that read the same, which is read once."""

    def left(self, costs: list[Cost]) -> list[Cost]:
        """Only the first part reads."""
        return [costs[0], *(replace(cost, activation_read={}, wide_read={}) for cost in costs[1:])]


@dataclass(frozen=True, slots=True)
class Epilogue(Fused):
    """An operator and one that reads its result while that is on the chip.

    Parameters
    ----------
    written : bool
        The result between them is written, because another operator reads it as well.
    """

    written: bool

    def left(self, costs: list[Cost]) -> list[Cost]:
        """The second part reads only what the first one has not made."""
        first, second = costs
        activation_read = _less(second.activation_read, first.activation_write)
        wide_read = _less(second.wide_read, first.wide_write)
        if not self.written:
            first = replace(first, activation_write={}, wide_write={})
        return [first, replace(second, activation_read=activation_read, wide_read=wide_read)]


def _less(read: Mapping[Count, float], written: Mapping[Count, float]) -> dict[Count, float]:
    return {count: max(0.0, value - written.get(count, 0)) for count, value in read.items()}


def _add(total: dict[Count, float], terms: Mapping[Count, float]) -> None:
    for count, value in terms.items():
        total[count] = total.get(count, 0) + value
