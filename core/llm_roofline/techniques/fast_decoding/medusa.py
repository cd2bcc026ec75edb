"""Further heads that guess the tokens after the next one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...models import medusa_heads
from ...operators import Head
from ..parameters import count, number
from ..rewriting.guessing import Guessing, expected_tokens
from ..rewriting.layout import kernel_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...models import Block
    from ...operators import Operator


@dataclass(frozen=True)
class Medusa(Guessing):
    """Heads on the last hidden state guess several tokens; a tree of their candidates is checked in the next pass."""

    name = "medusa"
    label = "Medusa heads"
    mechanism = (
        "Further heads guess the tokens to come from one hidden state, and the next pass checks their candidates."
    )
    citation = "Medusa, Cai et al. 2024, arXiv 2401.10774"
    acts_on = "layers"
    neutral = {"heads": 0}
    towers = False
    never_raises_apart = ()

    heads: int = count(4, "further heads", high=64)
    candidates: int = count(64, "candidates that a pass checks", low=1, high=4096)
    acceptance: float = number(0.6, "probability that a candidate of a head is right", 0, 1)

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Put the heads behind the last one, each W2 (SiLU(W1 h) + h) with weights of its own (section 2.1.1)."""
        if not self.heads or not blocks:
            return blocks
        *others, last = blocks
        return (*others, replace(last, operators=(*last.operators, *self._guessing(last.operators))))

    @property
    def query_tokens(self) -> int:
        """The last token and the candidates [1]."""
        return 1 + self.candidates if self.heads else 1

    @property
    def tokens_per_step(self) -> float:
        """The guesses that are right, and one more [1]."""
        return expected_tokens(self.heads, self.acceptance)

    def _guessing(self, operators: tuple[Operator, ...]) -> Iterator[Operator]:
        for operator in operators:
            head = kernel_of(operator)
            if not isinstance(head, Head):
                continue
            yield from medusa_heads(self.heads, head.width, head.vocabulary, operator.inputs[:1])
