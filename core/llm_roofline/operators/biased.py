"""Attention with a learned bias for the distance between key and query."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import flop
from .attention import Attention
from .counts import ONE

if TYPE_CHECKING:
    from ..formats import Conventions
    from .attention import Form
    from .cost import Cost


@dataclass(frozen=True, slots=True)
class BiasedAttention(Attention):
    """Attention that adds a bias to each score, a number for each head and bucket of distances (arXiv 1910.10683).

    Its first input is the table of biases, which all layers share. It looks them up on the chip, so that no matrix of
    biases is written.

    Parameters
    ----------
    buckets : int
        Buckets of distances [1].
    """

    buckets: int = 0

    def _scores(self, forms: tuple[Form, ...], conventions: Conventions) -> Cost:
        return self._biased(Attention._scores(self, forms, conventions), forms)  # noqa: SLF001 - of its own base

    def _fused(self, forms: tuple[Form, ...], conventions: Conventions) -> Cost:
        return self._biased(Attention._fused(self, forms, conventions), forms)  # noqa: SLF001 - likewise

    def _biased(self, cost: Cost, forms: tuple[Form, ...]) -> Cost:
        """One addition a score more, and the table read."""
        added = {f.pairs: cost.vector_flops.get(f.pairs, 0) + flop.ADD * self.heads for f in forms}
        return replace(
            cost,
            vector_flops={**cost.vector_flops, **added},
            wide_read={ONE: self.buckets * self.heads},
            formula=" + ".join([cost.formula, *(f"{f.pairs.name} · {self.heads:,}" for f in forms)]),
            source=f"{cost.source}; arXiv 1910.10683, section 2.1",
        )
