"""The activation function in the product before it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...operators import Activation, ExpertLinear, Fused, Linear
from ..base import Technique
from ..rewriting import each_block
from ..rewriting.fusing import epilogue
from ..rewriting.layout import kernel_of

if TYPE_CHECKING:
    from ...models import Block
    from ...operators import Operator


@dataclass(frozen=True)
class FusedActivation(Technique):
    """An activation function runs on what a product has on the chip."""

    name = "fused-activation"
    label = "activation in the product"
    mechanism = (
        "An activation function runs on the result of the last product before it while that is on the chip, which "
        "saves a writing and a reading of it: of gate and up where these are one product, else of one of them."
    )
    citation = "Yuan et al. 2024, arXiv 2402.16363, section 5.1 and figure 14"
    acts_on = "epilogues"
    # no TPOT: it follows its product to the host or into memory, which may be slower
    never_raises = ("ttft", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Fuse every activation function with the last of the products that it alone reads."""
        return each_block(blocks, _fused)


def _fused(operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
    readers = Counter(source for operator in operators for source in operator.inputs)
    for operator in operators:
        if isinstance(kernel_of(operator), Activation):
            products = [other.name for other in operators if other.name in operator.inputs and _is_product(other)]
            private = [name for name in products if readers[name] == 1]  # what waits for other readers leaves the chip
            if private:
                operators = epilogue(operators, private[-1], operator.name)
    return operators


def _is_product(operator: Operator) -> bool:
    return isinstance(kernel_of(operator.parts[0] if isinstance(operator, Fused) else operator), Linear | ExpertLinear)
