"""Tokens that leave before the last layer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...operators import Embedding, Head, Linear, Part, Rope
from ..base import Technique
from ..parameters import count, number
from ..rewriting.keeping import has_states, storing
from ..rewriting.layout import kernel_of

if TYPE_CHECKING:
    from ...models import Block
    from ...operators import Operator


@dataclass(frozen=True)
class EarlyExit(Technique):
    """A share of the layers is skipped, as expected over tokens; keys and values are made for all of them."""

    name = "early-exit"
    label = "early exit"
    mechanism = (
        "A token that is certain skips the rest of the layers, except for keys and values that later tokens need; each "
        "check of its certainty runs the head once more."
    )
    citation = "CALM, Schuster et al. 2022, arXiv 2207.07061; SkipDecode, Del Corro et al. 2023, arXiv 2307.02628"
    acts_on = "activity"
    neutral = {"skipped": 0.0, "checks": 0}
    never_raises = ("ttft", "prefill_flops", "prefill_bytes")
    decode_only = True
    towers = False

    skipped: float = number(0.4, "share of the layers skipped, as expected", 0, 1)
    checks: int = count(1, "checks of a token's certainty", high=64)

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Run a share of what is in layers, and the head once more for each check.

        The tokens of a batch leave at the same layer, so that nobody loads its weights (SkipDecode, section 3).

        Raises
        ------
        TechniqueError
            If layers keep a state, which every token has to pass.
        """
        if not self.skipped and not self.checks:
            return blocks
        if has_states(blocks):
            raise TechniqueError(
                "early exit skips layers, and those of this model keep a state that every token changes."
            )
        return tuple(replace(block, operators=self._left(block.operators)) for block in blocks)

    def _left(self, operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
        """Operators of a block, of which tokens that are certain skip a share; embedding and head are no layers."""
        heads = [op for op in operators if isinstance(kernel_of(op), Head)]
        if heads:
            checks = [(op, k) for op in heads for k in range(1, self.checks + 1)]
            again = (Part(f"exit_check.{k}", op.inputs, op, stored=0.0) for op, k in checks)
            return (*operators, *again)
        if any(isinstance(kernel_of(op), Embedding) for op in operators):
            return operators
        needed = storing(operators)
        return tuple(self._expected(op, needed[op.name]) for op in operators)

    def _expected(self, operator: Operator, needed: float) -> Operator:
        """Operator of which every token runs the share that the cache needs, and a part of the rest."""
        part, kernel, share = (
            partial(Part, operator.name, operator.inputs, operator),
            kernel_of(operator),
            1 - self.skipped,
        )
        if needed == 1 or not self.skipped:
            return operator
        runs = share + needed * self.skipped
        if isinstance(kernel, Linear) and needed:
            visible, keys = kernel.width_out - kernel.cached, kernel.rotated
            return part(work=runs, weights=runs, written=(visible * share + keys) / (visible + keys))
        if isinstance(kernel, Rope) and needed:
            return part(work=runs, read=runs, written=share)
        return part(work=share, weights=share, read=share, written=share, cache=share)
