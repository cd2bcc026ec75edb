"""FlashAttention."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...operators import Attention, Derived
from ...operators.counts import Reread
from ..base import Technique
from ..parameters import count
from ..rewriting import each_kernel

if TYPE_CHECKING:
    from ...models import Block
    from ...operators import Cost, Operator


@dataclass(frozen=True)
class FlashAttention(Technique):
    """Attention in tiles: scores and probabilities never leave the chip.

    Parameters
    ----------
    block : int
        Queries that share one reading of keys and values [token]; 0 for all.
    """

    name = "flash-attention"
    label = "FlashAttention"
    mechanism = (
        "Fuses both products and the softmax, so that the score matrix is neither written nor read; the FLOP stay."
    )
    citation = "Dao et al. 2022, arXiv 2205.14135"
    acts_on = "attention"
    # no bytes and no times: small blocks read keys and values more often than they save scores (section 3.2)
    # no memory: of latent attention behind a cached prefix more is alive once it is fused
    never_raises = ("prefill_flops", "decode_flops")

    block: int = count(0, "queries that share one reading of keys and values; 0: all", unit="token")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Fuse attention; leave every other operator alone."""
        return each_kernel(blocks, self._fused)

    def _fused(self, operator: Operator) -> Operator:
        if not isinstance(operator, Attention):
            return operator
        fused = operator.fused()
        return InBlocks(operator.name, operator.inputs, fused, self.block) if self.block else fused


@dataclass(frozen=True, slots=True)
class InBlocks(Derived):
    """Fused attention that reads keys and values again for every block of queries (arXiv 2307.08691, section 3.1).

    Parameters
    ----------
    block : int
        Queries of a block [token].
    """

    block: int

    def changed(self, cost: Cost) -> Cost:
        """Read the cache for every block."""
        once = {
            f.count if isinstance(f, Reread) else f: n for f, n in cost.kv_read.items()
        }  # the paper has a block too
        return replace(cost, kv_read={Reread(f, self.block): n for f, n in once.items()})
