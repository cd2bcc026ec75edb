"""The norm in the addition before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...operators import Norm, ResidualAdd
from ..base import Technique
from ..rewriting import each_block
from ..rewriting.fusing import epilogue
from ..rewriting.layout import kernel_of

if TYPE_CHECKING:
    from ...models import Block
    from ...operators import Operator


@dataclass(frozen=True)
class FusedAddNorm(Technique):
    """A residual addition and the norm that reads it run as one."""

    name = "fused-add-norm"
    label = "fused add and norm"
    mechanism = (
        "A norm runs on the sum before it while that is on the chip; the sum is still written, for the next one."
    )
    citation = "Aminabadi et al. 2022, DeepSpeed Inference, arXiv 2207.00032, section 3"
    acts_on = "epilogues"
    # Not the memory: sum and normed sum are one result here, which is alive until the last reader of either.
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Fuse every norm that reads a sum of its layer."""
        return each_block(blocks, _fused)


def _fused(operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
    sums = {operator.name for operator in operators if isinstance(kernel_of(operator), ResidualAdd)}
    for operator in operators:
        kernel = kernel_of(operator)
        if isinstance(kernel, Norm) and kernel.role == "block" and operator.inputs[0] in sums:
            operators = epilogue(operators, operator.inputs[0], operator.name)
            sums.discard(operator.inputs[0])
    return operators
