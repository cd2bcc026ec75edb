"""The activation function in the product before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...operators import Activation, ExpertLinear, Fused, Linear
from ..base import Technique
from ..fusing import behind
from ..layout import bare
from ..rewriting import each_block

if TYPE_CHECKING:
    from ...model import Block
    from ...operators import Operator


@dataclass(frozen=True)
class FusedActivation(Technique):
    """An activation function runs on what a product has on the chip."""

    name = "fused-activation"
    label = "activation in the product"
    mechanism = (
        "An activation function runs on the result of the product before it while that is on the chip, which saves one "
        "writing and one reading of it; a gate needs gate and up in one product."
    )
    citation = "Yuan et al. 2024, arXiv 2402.16363, section 5.1 and figure 14"
    acts_on = "epilogues"
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Fuse every activation function that reads the result of one product alone."""
        return each_block(blocks, _fused)


def _fused(operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
    rows = {operator.name: operator for operator in operators}
    for operator in operators:
        if isinstance(bare(operator), Activation) and len(operator.inputs) == 1:
            source = rows.get(operator.inputs[0])
            kernel = source and bare(source.parts[0] if isinstance(source, Fused) else source)
            if source and isinstance(kernel, Linear | ExpertLinear):
                operators = behind(operators, source.name, operator.name)
    return operators
