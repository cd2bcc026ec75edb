"""Operators that run as one."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from .base import Counts, Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..conventions import Conventions
    from ..features import Feature

_LABELS = {"link", "stored", "operands", "formula", "source"}
_LINEAR = tuple(field.name for field in fields(Counts) if field.name not in _LABELS)


@dataclass(frozen=True, slots=True)
class Fused(Operator):
    """Operators whose intermediate results stay on the chip.

    Parameters
    ----------
    parts : tuple of Operator
        What is fused, in forward order.
    read_before : tuple of str
        Parts whose operands are on the chip already: another part has read or made them.
    not_written : tuple of str
        Parts whose results nobody else reads.
    """

    parts: tuple[Operator, ...]
    read_before: tuple[str, ...]
    not_written: tuple[str, ...]

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
        counted = [self._left(part, conventions) for part in self.parts if part.is_counted(conventions)]
        total: dict[str, dict[Feature, float]] = {name: {} for name in _LINEAR}
        for counts in counted:
            for name in _LINEAR:
                _add(total[name], getattr(counts, name))
        product = next((counts for counts in counted if counts.operands), counted[0])
        return replace(
            product,
            **total,  # type: ignore[arg-type]  # of its own fields
            formula=" + ".join(counts.formula for counts in counted),
            source="; ".join(dict.fromkeys(counts.source for counts in counted)),
        )

    def _left(self, part: Operator, conventions: Conventions) -> Counts:
        """Counts of a part without its operands or its result, where these stay on the chip."""
        counts = part.counts(conventions)
        if part.name in self.read_before:
            counts = replace(counts, activation_read={}, wide_read={})
        if part.name in self.not_written:
            counts = replace(counts, activation_write={}, wide_write={})
        return counts


def _add(total: dict[Feature, float], terms: Mapping[Feature, float]) -> None:
    for feature, value in terms.items():
        total[feature] = total.get(feature, 0) + value
