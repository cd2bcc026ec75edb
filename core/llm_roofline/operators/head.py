"""The head: logits of every position whose next token is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .base import Operator
from .cost import Cost
from .counts import NEXT_TOKENS, ONE, SEQUENCES

if TYPE_CHECKING:
    from ..formats import Conventions


@dataclass(frozen=True, slots=True)
class Head(Operator):
    """The projection onto the vocabulary.

    Parameters
    ----------
    width : int
        Hidden size [1].
    vocabulary : int
        Rows of the vocabulary [1].
    tied : bool
        Shares the weights of the embedding: they are read, and stored once.
    bias : bool
        Has a bias.
    """

    width: int
    vocabulary: int
    tied: bool
    bias: bool = False

    kind: ClassVar[str] = "head"

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]; those of a tied head are the embedding's."""
        return {"head": self.width * self.vocabulary * (not self.tied), "wide": self.vocabulary * self.bias}

    def cost(self, conventions: Conventions) -> Cost:
        """2 h V FLOP a next token: servers keep the logits of the last position of a prompt alone."""
        multiply_add = 2 if conventions.head_multiply_add else 1
        rows, moved = (NEXT_TOKENS, NEXT_TOKENS) if conventions.head_rows else (SEQUENCES, ONE)
        bias = self.bias and conventions.biases
        return Cost(
            matrix_flops={rows: multiply_add * self.width * self.vocabulary + bias * self.vocabulary},
            head_read={ONE: self.width * self.vocabulary},
            wide_weight_read={ONE: self.vocabulary * bias},
            wide_read={moved: self.width},
            wide_write={moved: self.vocabulary},
            operands=("head", "wide"),
            formula=f"{multiply_add} · {rows.name} · {self.width:,} · {self.vocabulary:,}",
            source="arXiv 2001.08361, section 2.1: a multiply-add is 2 FLOP",
        )
