"""The lightning indexer: a small attention that scores every key, so that a few are selected (DeepSeek-V3.2-Exp)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..features import TOKENS, Context, Pairs, Scores
from .base import Counts, Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..conventions import Conventions
    from ..features import Feature


@dataclass(frozen=True, slots=True)
class Indexer(Operator):
    """Scores of every visible key by a few small heads, and the choice of the best.

    Parameters
    ----------
    heads, head_size : int
        Heads of the indexer, and elements of its queries and of the one key that they share [1].
    selected : int
        Keys that a query selects [1].
    """

    heads: int
    head_size: int
    selected: int

    kind: ClassVar[str] = "attention"

    @property
    def kept(self) -> Mapping[str, Mapping[Feature, float]]:
        """The indexer's key of every token [1]."""
        return {"kv_cache": {Context(): self.head_size}}

    def counts(self, conventions: Conventions) -> Counts:
        """2 pairs H d FLOP; ReLU, weight and sum of each score; the indices of the selected keys are written."""
        pairs = Pairs() if conventions.causal_attention else Scores()
        return Counts(
            matrix_flops={pairs: 2 * self.heads * self.head_size},
            vector_flops={pairs: 3 * self.heads},
            activation_read={TOKENS: self.heads * self.head_size},
            wide_read={TOKENS: self.heads},
            wide_write={Pairs(self.selected): 1},
            kv_read={Context(): self.head_size},
            operands=("activations", "kv_cache"),
            formula=f"2 · {pairs.name} · {self.heads:,} · {self.head_size:,} + 3 · {pairs.name} · {self.heads:,}",
            source="DeepSeek-V3.2-Exp technical report, equation 1",
        )
