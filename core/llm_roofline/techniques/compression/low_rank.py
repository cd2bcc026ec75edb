"""Low-rank factorisation of linear layers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...models import FACTOR
from ...operators import ExpertLinear, Linear
from ..base import Technique
from ..parameters import number
from ..rewriting import each_block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...models import Block
    from ...operators import Operator


@dataclass(frozen=True)
class LowRank(Technique):
    """A matrix becomes two thin ones; where that saves nothing it stays whole."""

    name = "low-rank"
    label = "low-rank factorisation"
    mechanism = (
        "A matrix of i · o weights becomes two of r · (i + o), in FLOP and bytes alike, with r numbers a token between."
    )
    citation = "ASVD, Yuan et al. 2023, arXiv 2312.05821; LASER, Sharma et al. 2023, arXiv 2312.13558"
    acts_on = "layers"
    neutral = {"rank": 1.0}
    # promises nothing: what else makes a matrix smaller leaves the rank that was chosen
    towers = False

    rank: float = number(0.25, "rank, as a share of the full rank", 0, 1)

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Factor every linear layer that quantisers would touch and that has fewer weights then."""
        return each_block(blocks, lambda operators: tuple(row for op in operators for row in self._factors(op)))

    def _factors(self, operator: Operator) -> Iterator[Operator]:
        inner = f"{operator.name}{FACTOR}"
        if isinstance(operator, ExpertLinear) and (rank := self._rank(operator)):
            yield replace(operator, name=inner, width_out=rank, bias=False)
            yield replace(operator, inputs=(inner,), width_in=rank, first=False)
        elif isinstance(operator, Linear) and operator.stored != "wide" and (rank := self._rank(operator)):
            yield replace(
                operator,
                name=inner,
                width_out=rank,
                bias=False,
                cached=0,
                rotated=0,
                unkept=0,
                parts=(),
                to_product=True,
            )
            yield replace(operator, inputs=(inner,), width_in=rank)
        else:
            yield operator

    def _rank(self, layer: Linear | ExpertLinear) -> int:
        """Rank of its two factors [1]; 0 where they would have no fewer weights."""
        i, o = layer.width_in, layer.width_out
        rank = max(1, round(self.rank * min(i, o)))
        return rank if rank * (i + o) < i * o and getattr(layer, "groups", 1) == 1 else 0
