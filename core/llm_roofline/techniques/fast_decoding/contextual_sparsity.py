"""Heads and columns that a token does not need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...features import ONE, Touched
from ...operators import Derived, Linear
from ..base import Technique
from ..layout import COLUMNS, INNER, ROWS, bare, divided, kv_heads, places
from ..parameters import count, number
from ..rewriting import each_block

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...features import Feature
    from ...model import Block
    from ...operators import Counts, Operator


@dataclass(frozen=True)
class ContextualSparsity(Technique):
    """Each token runs a share of heads and columns that small predictors choose."""

    name = "contextual-sparsity"
    label = "contextual sparsity"
    mechanism = (
        "A token runs a share of heads and columns; the weights that a batch loads are the union over its tokens, "
        "which soon is all of them."
    )
    citation = "Deja Vu, Liu et al. 2023, arXiv 2310.17157; PowerInfer, Song et al. 2023, arXiv 2312.12456"
    acts_on = "activity"
    neutral = {"active": 1.0}
    never_raises = ("ttft", "prefill_flops", "prefill_bytes")
    decode_only = True
    towers = False

    active: float = number(0.2, "share of heads and columns that a token runs", 0.001, 1)
    predictor: int = count(256, "rank of the predictors; 0: their cost is left out")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Run a share of what works head by head or column by column, and predictors before it."""
        return each_block(blocks, self._sparse) if self.active < 1 else blocks

    def _sparse(self, operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
        cache = self.active if kv_heads(operators) > 1 else 1.0
        parts, at = divided(operators, self.active, cache), places(operators)
        made: list[Operator] = []
        predicted: set[str] = set()
        for operator in operators:
            place = at[operator.name]
            if place == COLUMNS and predicted.isdisjoint(operator.inputs[:1]) and isinstance(bare(operator), Linear):
                predicted |= {*operator.inputs[:1]}
                made += self._predictors(operator)
            dividing = place in {COLUMNS, ROWS, INNER}
            row = parts[operator.name]
            made.append(Active(operator.name, operator.inputs, row, operator, self.active) if dividing else operator)
        return tuple(made)

    def _predictors(self, operator: Operator) -> Iterator[Operator]:
        """Two thin products that guess which heads or columns a token needs (arXiv 2310.17157, section 4.2)."""
        layer = bare(operator)
        if self.predictor and isinstance(layer, Linear):
            name, rank = f"{operator.name}.predictor", self.predictor
            thin = replace(layer, bias=False, cached=0, rotated=0, to_product=True, stored="wide")
            yield replace(thin, name=f"{name}.in", inputs=operator.inputs[:1], width_out=rank)
            yield replace(thin, name=f"{name}.out", inputs=(f"{name}.in",), width_in=rank)


@dataclass(frozen=True, slots=True)
class Active(Derived):
    """What a token runs of an operator, and what all tokens of a step load of it; all of it is stored.

    Parameters
    ----------
    dense : Operator
        The operator without sparsity.
    share : float
        Share of it that one token runs [1].
    """

    dense: Operator
    share: float

    @property
    def parameters(self) -> Mapping[str, float]:
        """Stored parameters by storage kind [1]."""
        return self.dense.parameters

    @property
    def kept(self) -> Mapping[str, Mapping[Feature, float]]:
        """What a sequence keeps [1]."""
        return self.dense.kept

    def changed(self, counts: Counts) -> Counts:
        """Weights that some token needs."""
        union = Touched(self.share)
        read = {union if f == ONE else f: n / self.share if f == ONE else n for f, n in counts.weight_read.items()}
        return replace(counts, weight_read=read)
