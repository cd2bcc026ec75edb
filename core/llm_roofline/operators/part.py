"""Shares of operators, such as one of several devices has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .cost import COLUMNS
from .derived import Derived, scaled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .cost import Cost
    from .counts import Count


@dataclass(frozen=True, slots=True)
class Part(Derived):
    """A share of an operator.

    Parameters
    ----------
    work, weights, read, written, cache : float
        Share of its FLOP, of the weights that it reads, of the activations that it reads and writes, and of cache and
        states that it moves [1].
    stored, held : float
        Share of its parameters that are stored, and of what a sequence keeps [1].
    """

    work: float = 1.0
    weights: float = 1.0
    read: float = 1.0
    written: float = 1.0
    cache: float = 1.0
    stored: float = 1.0
    held: float = 1.0

    @property
    def parameters(self) -> Mapping[str, float]:
        """Stored parameters by storage kind [1]."""
        return {kind: count * self.stored for kind, count in self.whole.parameters.items()}

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """Elements that a sequence keeps [1]."""
        return {kind: scaled(terms, self.held) for kind, terms in self.whole.kept.items()}

    def changed(self, cost: Cost) -> Cost:
        """Return the share of what is counted."""
        changes = {
            column.name: scaled(getattr(cost, column.name), getattr(self, column.share))
            for column in COLUMNS
            if column.share
        }
        formula = cost.formula if self.work == 1 else f"({cost.formula}) · {self.work:.4g}"
        return replace(cost, **changes, formula=formula)  # type: ignore[arg-type]  # of its own fields
