"""Heads and columns that a token does not need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...operators import Attention, Derived, ExpertLinear, Linear, Part
from ...operators.counts import ONE, Touched, TouchedKeys
from ..base import Technique
from ..parameters import count, number
from ..rewriting import each_block
from ..rewriting.keeping import has_states
from ..rewriting.layout import COLUMNS, INNER, ROWS, divided, kernel_of, kv_heads, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...models import Block
    from ...operators import Cost, Operator
    from ...operators.counts import Count


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
        """Run a share of what works head by head or column by column, and predictors before it.

        Keys and values are made for all heads: later tokens may need them.

        Raises
        ------
        TechniqueError
            If a router chooses already, or layers keep a state, which every token has to change whole.
        """
        if self.active == 1:
            return blocks
        if any(isinstance(kernel_of(op), ExpertLinear) for block in blocks for op in block.operators):
            raise TechniqueError(
                "contextual sparsity chooses columns of dense networks, and a router chooses experts here."
            )
        if has_states(blocks):
            raise TechniqueError(
                "contextual sparsity leaves heads out, and every token changes the states of all here."
            )
        return each_block(blocks, self._sparse)

    def _sparse(self, operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
        parts, at = divided(operators, self.active, 1.0), places(operators)
        sparse: list[Operator] = []
        predicted: set[str] = set()
        for operator in operators:
            place, part = at[operator.name], parts[operator.name]
            if (
                place == COLUMNS
                and predicted.isdisjoint(operator.inputs[:1])
                and isinstance(kernel_of(operator), Linear)
            ):
                predicted |= {*operator.inputs[:1]}
                sparse += self._predictors(operator)
            if place in {COLUMNS, ROWS, INNER} and isinstance(part, Part):
                heads = _heads_a_key(operator, operators)
                sparse.append(Active(operator.name, operator.inputs, part, operator, self.active, heads))
            else:
                sparse.append(operator)
        return tuple(sparse)

    def _predictors(self, operator: Operator) -> Iterator[Operator]:
        """Two thin products that guess which heads or columns a token needs (arXiv 2310.17157, section 4.2)."""
        layer = kernel_of(operator)
        if self.predictor and isinstance(layer, Linear):
            name, rank = f"{operator.name}.predictor", self.predictor
            thin = replace(layer, bias=False, cached=0, rotated=0, unkept=0, parts=(), gate=False)
            thin = replace(thin, to_product=True, stored="wide")
            yield replace(thin, name=f"{name}.in", inputs=operator.inputs[:1], width_out=rank)
            yield replace(thin, name=f"{name}.out", inputs=(f"{name}.in",), width_in=rank)


def _heads_a_key(operator: Operator, operators: tuple[Operator, ...]) -> int:
    """Query heads that share a head of keys and values [1]; 0 where all do, so that all of it is read."""
    kernel = kernel_of(operator)
    cached_heads = kv_heads(operators)
    return kernel.heads // kernel.kv_heads if isinstance(kernel, Attention) and cached_heads > 1 else 0


@dataclass(frozen=True, slots=True)
class Active(Derived):
    """Operator of which a token runs a share, and a step loads the union over its tokens; all of it is stored.

    Parameters
    ----------
    whole : Part
        What one token runs.
    dense : Operator
        The operator without sparsity.
    share : float
        Share of its heads or columns that one token runs [1].
    heads : int
        Query heads that share a head of keys, of which one is enough to read it [1]; 0 where all of them are read.
    """

    whole: Part
    dense: Operator
    share: float
    heads: int

    @property
    def parameters(self) -> Mapping[str, float]:
        """Stored parameters by storage kind [1]."""
        return self.dense.parameters

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """Elements that a sequence keeps, by storage kind [1]."""
        return self.dense.kept

    def changed(self, cost: Cost) -> Cost:
        """Weights and keys that some token needs."""
        weights = sum(cost.weight_read.values()) / self.whole.weights
        always = weights * (self.whole.weights - self.share) / (1 - self.share)  # of keys and values
        union = {ONE: always, Touched(self.share): weights - always} if weights else {}
        if not self.heads:
            return replace(cost, weight_read=union)
        needed = 1 - (1 - self.share) ** self.heads
        return replace(cost, weight_read=union, kv_read={TouchedKeys(f, needed): n for f, n in cost.kv_read.items()})
