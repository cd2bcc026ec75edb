"""Operators that run as one."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .base import LINEAR, Counts, Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..formats.conventions import Conventions
    from .counts import Feature


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
    def kept(self) -> Mapping[str, Mapping[Feature, float]]:
        """What a sequence keeps of all parts [1]."""
        total: dict[str, dict[Feature, float]] = {}
        for part in self.parts:
            for kind, terms in part.kept.items():
                _add(total.setdefault(kind, {}), terms)
        return total

    def is_counted(self, conventions: Conventions) -> bool:
        """Whether any part is."""
        return any(part.is_counted(conventions) for part in self.parts)

    def counts(self, conventions: Conventions) -> Counts:
        """Counts of all parts, less what is neither read nor written."""
        counted = self.left([part.counts(conventions) for part in self.parts if part.is_counted(conventions)])
        total: dict[str, dict[Feature, float]] = {name: {} for name in LINEAR}
        for counts in counted:
            for name in LINEAR:
                _add(total[name], getattr(counts, name))
        product = next((counts for counts in counted if counts.operands), counted[0])
        return replace(
            product,
            **total,  # type: ignore[arg-type]  # of its own fields
            formula=" + ".join(counts.formula for counts in counted),
            source="; ".join(dict.fromkeys(counts.source for counts in counted)),
        )

    @abstractmethod
    def left(self, counted: list[Counts]) -> list[Counts]:
        """Counts of the parts without what stays on the chip."""


@dataclass(frozen=True, slots=True)
class Beside(Fused):
    """Operators that read the same, which is read once."""

    def left(self, counted: list[Counts]) -> list[Counts]:
        """Only the first part reads."""
        return [counted[0], *(replace(counts, activation_read={}, wide_read={}) for counts in counted[1:])]


@dataclass(frozen=True, slots=True)
class Behind(Fused):
    """An operator and one that reads its result while that is on the chip.

    Parameters
    ----------
    written : bool
        The result between them is written, because another operator reads it as well.
    """

    written: bool

    def left(self, counted: list[Counts]) -> list[Counts]:
        """The second part reads only what the first one has not made."""
        first, second = counted
        activation_read = _less(second.activation_read, first.activation_write)
        wide_read = _less(second.wide_read, first.wide_write)
        if not self.written:
            first = replace(first, activation_write={}, wide_write={})
        return [first, replace(second, activation_read=activation_read, wide_read=wide_read)]


def _less(read: Mapping[Feature, float], made: Mapping[Feature, float]) -> dict[Feature, float]:
    return {feature: max(0.0, value - made.get(feature, 0)) for feature, value in read.items()}


def _add(total: dict[Feature, float], terms: Mapping[Feature, float]) -> None:
    for feature, value in terms.items():
        total[feature] = total.get(feature, 0) + value
