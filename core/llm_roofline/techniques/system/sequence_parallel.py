"""Sequence parallelism: what tensor parallelism leaves whole is divided by tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...operators import RING, Collective, Norm, Part, ResidualAdd
from ..base import Technique
from ..rewriting import each_block
from ..rewriting.layout import WHOLE, kernel_of, places

if TYPE_CHECKING:
    from ...models import Block
    from ...operators import Operator


@dataclass(frozen=True)
class SequenceParallel(Technique):
    """Norms and residual additions of a share of the tokens on each device."""

    name = "sequence-parallel"
    label = "sequence parallelism"
    mechanism = (
        "Norms and additions, which tensor parallelism repeats on every device, run on a share of the tokens; each sum "
        "over the network becomes a scatter and a gather of the same bytes."
    )
    citation = "Korthikanti et al. 2022, arXiv 2205.05198"
    acts_on = "tokens"
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Divide norms and additions among as many devices as the layers are divided.

        Raises
        ------
        TechniqueError
            If they are not.
        """
        operators = [operator for block in blocks for operator in block.operators]
        degrees = {op.devices for op in operators if isinstance(op, Collective) and op.source == RING}
        if not degrees:
            raise TechniqueError("sequence parallelism divides what tensor parallelism repeats; switch that on first.")
        return each_block(blocks, lambda rows: self._divided(rows, 1 / max(degrees)))

    def _divided(self, operators: tuple[Operator, ...], share: float) -> tuple[Operator, ...]:
        at = places(operators)
        return tuple(
            Part(op.name, op.inputs, op, work=share, read=share, written=share)
            if at[op.name] == WHOLE and isinstance(kernel_of(op), Norm | ResidualAdd)
            else op
            for op in operators
        )
