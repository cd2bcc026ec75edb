"""A KV cache that keeps a few tokens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...operators import Attention, BiasedAttention
from ..base import Technique
from ..parameters import count
from ..rewriting import each_kernel
from ..rewriting.layout import kernel_of

if TYPE_CHECKING:
    from ...models import Block
    from ...operators import Operator


@dataclass(frozen=True)
class KVTokenDropping(Technique):
    """Decode sees a fixed number of tokens; others are dropped."""

    name = "kv-token-dropping"
    label = "KV token dropping"
    mechanism = "A decode step sees and keeps a fixed number of tokens: the first ones, the last ones, or the heaviest."
    citation = "StreamingLLM, Xiao et al. 2023, arXiv 2309.17453; H2O, Zhang et al. 2023, arXiv 2306.14048"
    acts_on = "attention"
    never_raises = ("ttft", "tpot", "decode_flops", "decode_bytes", "memory_bytes")
    decode_only = True
    towers = False

    tokens: int = count(1024, "tokens that are kept", low=1, unit="token")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Narrow what causal attention sees.

        Raises
        ------
        TechniqueError
            If the model has no cache of keys and values that tokens could be dropped from.
        """
        kernels = [kernel_of(operator) for block in blocks for operator in block.operators]
        if not any(_is_causal(kernel) for kernel in kernels):
            raise TechniqueError("no layer of this model keeps keys and values of every token; none can be dropped.")
        return each_kernel(blocks, self._narrowed)

    def _narrowed(self, operator: Operator) -> Operator:
        if isinstance(operator, Attention) and _is_causal(operator):
            return replace(operator, window=min(operator.window or self.tokens, self.tokens))
        return operator


def _is_causal(operator: Operator) -> bool:
    return type(operator) in {Attention, BiasedAttention} and getattr(operator, "reach", "") == "causal"
