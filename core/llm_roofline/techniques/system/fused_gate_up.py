"""One product for gate and up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...operators import ExpertLinear, Linear
from ..base import Technique
from ..rewriting import each_block
from ..rewriting.fusing import shared_input
from ..rewriting.layout import COLUMNS, kernel_of, places

if TYPE_CHECKING:
    from ...models import Block
    from ...operators import Operator


@dataclass(frozen=True)
class FusedGateUp(Technique):
    """The two projections of a gated feed-forward network run as one product."""

    name = "fused-gate-up"
    label = "fused gate and up"
    mechanism = "Gate and up projection of a feed-forward network run as one product, which reads its input once."
    citation = "Aminabadi et al. 2022, DeepSpeed Inference, arXiv 2207.00032, section 3"
    acts_on = "fusion"
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Fuse the projections before every activation function that reads two."""
        return each_block(blocks, _fused)


def _fused(operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
    at = places(operators)
    groups: dict[tuple[tuple[str, ...], type], list[str]] = {}
    for operator in operators:
        kernel = kernel_of(operator)
        if isinstance(kernel, Linear | ExpertLinear) and at[operator.name] == COLUMNS and operator.shown_as in MLPS:
            groups.setdefault((operator.inputs, type(kernel)), []).append(operator.name)
    for names in groups.values():
        if len(names) > 1:
            prefix = names[0].rpartition(".")[0]
            operators = shared_input(operators, names, f"{prefix}.gate_up_proj" if prefix else "gate_up_proj")
    return operators


MLPS = ("mlp", "experts")  # kinds of the projections of feed-forward networks
