"""The lightning indexer: a small attention that scores every key, so that a few are selected (DeepSeek-V3.2-Exp)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .base import Operator
from .cost import Cost
from .counts import TOKENS, Context, Pairs, Scores, SelectedPairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..formats import Conventions
    from .counts import Count


@dataclass(frozen=True, slots=True)
class Indexer(Operator):
    """Scores of every visible key by a few small heads, and the choice of the best.

    The heads together select single keys, by the sum of their scores, each with its weight; or each selects blocks of
    keys of its own, by the best score in a block.

    Parameters
    ----------
    heads, head_size : int
        Heads of the indexer, and elements of its queries and of the one key that they share [1].
    selected : int
        Keys that a query selects [1].
    block : int
        Keys that are selected together [1].
    ratio : int
        Tokens of a key [token]; more than 1 where keys are compressed.
    """

    heads: int
    head_size: int
    selected: int
    block: int = 1
    ratio: int = 1

    kind: ClassVar[str] = "attention"

    @property
    def adds_heads(self) -> bool:
        """Whether heads select together, by a weighted sum."""
        return self.block == 1

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """The indexer's keys [1]."""
        return {"kv_cache": {Context(): self.head_size / self.ratio}}

    def cost(self, conventions: Conventions) -> Cost:
        """2 pairs H d FLOP; ReLU, weight and sum of each score, or a comparison; indices are written."""
        pairs = Pairs() if conventions.causal_attention else Scores()
        each, share = 3 if self.adds_heads else 1, 1 / self.ratio
        counted = pairs.name if self.ratio == 1 else f"{pairs.name} / {self.ratio:,}"
        indices: dict[Count, float] = {TOKENS: self.heads * (self.selected // self.block)}
        return Cost(
            matrix_flops={pairs: 2 * self.heads * self.head_size * share},
            vector_flops={pairs: each * self.heads * share},
            activation_read={TOKENS: self.heads * self.head_size},
            wide_read={TOKENS: self.heads * self.adds_heads},
            wide_write={SelectedPairs(self.selected * self.ratio): share} if self.adds_heads else indices,
            kv_read={Context(): self.head_size * share},
            operands=("activations", "kv_cache"),
            formula=f"{counted} · (2 · {self.heads:,} · {self.head_size:,} + {each} · {self.heads:,})",
            source="DeepSeek-V3.2-Exp technical report, equation 1",
        )
