"""Tokens that leave before the last layer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from ...operators import Head, Linear, Part
from ..base import Technique
from ..layout import bare
from ..parameters import count, number

if TYPE_CHECKING:
    from ...model import Block
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
    citation = "CALM, Schuster et al. 2022, arXiv 2207.07061"
    acts_on = "activity"
    neutral = {"skipped": 0.0, "checks": 0}
    never_raises = ("ttft", "prefill_flops", "prefill_bytes", "memory_bytes")
    decode_only = True
    towers = False

    skipped: float = number(0.4, "share of the layers skipped, as expected", 0, 1)
    checks: int = count(1, "checks of a token's certainty")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Run a share of what is in layers, and the head once more for each check."""
        made = tuple(
            replace(block, operators=tuple(self._expected(op, layers=block.layers) for op in block.operators))
            for block in blocks
        )
        return blocks if made == blocks else made

    def _expected(self, operator: Operator, *, layers: int) -> Operator:
        part, kernel = partial(Part, operator.name, operator.inputs, operator), bare(operator)
        if isinstance(kernel, Head) and self.checks:
            runs = 1.0 + self.checks
            return part(work=runs, weights=runs, read=runs, written=runs)
        if layers == 1 or not self.skipped or (isinstance(kernel, Linear) and kernel.cached):
            return operator
        share = 1 - self.skipped
        return part(work=share, weights=share, read=share, written=share, cache=share)
