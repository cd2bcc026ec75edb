"""One product for queries, keys and values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...operators import Linear
from ..base import Technique
from ..rewriting import each_block
from ..rewriting.fusing import shared_input
from ..rewriting.layout import COLUMNS, kernel_of, places

if TYPE_CHECKING:
    from ...models import Block
    from ...operators import Operator


@dataclass(frozen=True)
class FusedQKV(Technique):
    """Projections that read the same hidden states run as one product."""

    name = "fused-qkv"
    label = "fused QKV"
    mechanism = "The projections of queries, keys and values run as one product, which reads its input once."
    citation = "Aminabadi et al. 2022, DeepSpeed Inference, arXiv 2207.00032, section 3"
    acts_on = "fusion"
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Fuse the projections of every layer that fan out to attention or to a state."""
        return each_block(blocks, _fused)


def _fused(operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
    at = places(operators)
    groups: dict[tuple[str, ...], list[str]] = {}
    for operator in operators:
        kernel = kernel_of(operator)
        if isinstance(kernel, Linear) and at[operator.name] == COLUMNS and operator.shown_as == "attention projection":
            groups.setdefault(operator.inputs, []).append(operator.name)
    for names in groups.values():
        if len(names) > 1:
            prefix = names[0].rpartition(".")[0]
            operators = shared_input(operators, names, f"{prefix}.qkv_proj" if prefix else "qkv_proj")
    return operators
