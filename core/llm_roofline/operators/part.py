"""Shares of operators, such as one of several devices has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .derived import Derived, scaled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .base import Counts
    from .counts import Feature


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
    def kept(self) -> Mapping[str, Mapping[Feature, float]]:
        """Elements that a sequence keeps [1]."""
        return {kind: scaled(terms, self.held) for kind, terms in self.whole.kept.items()}

    def changed(self, counts: Counts) -> Counts:
        """Return the share of what is counted."""
        changes = {
            name: scaled(getattr(counts, name), getattr(self, share))
            for share, names in _COLUMNS.items()
            for name in names
        }
        formula = counts.formula if self.work == 1 else f"({counts.formula}) · {self.work:.4g}"
        return replace(counts, **changes, formula=formula)  # type: ignore[arg-type]  # of its own fields


_COLUMNS = {
    "work": ("matrix_flops", "vector_flops"),
    "weights": ("weight_read", "head_read", "wide_weight_read", "adapter_read", "weight_sent"),
    "read": ("activation_read", "wide_read"),
    "written": ("activation_write", "wide_write"),
    "cache": ("kv_read", "kv_write", "state_read", "state_write", "kv_sent", "state_sent"),
}
