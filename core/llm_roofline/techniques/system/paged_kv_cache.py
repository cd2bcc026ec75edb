"""A KV cache in pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..base import Technique
from ..parameters import count

if TYPE_CHECKING:
    from ...serving import Plan


@dataclass(frozen=True)
class PagedKVCache(Technique):
    """Blocks of tokens, allocated as a sequence grows."""

    name = "paged-kv-cache"
    label = "paged KV cache"
    mechanism = "A sequence holds whole blocks of tokens, and wastes less than one; no point of the roofline moves."
    citation = "PagedAttention, Kwon et al. 2023, arXiv 2309.06180"
    acts_on = "placement"
    neutral = {"block": 1}
    rivals = "say how the cache is allocated"

    block: int = count(16, "tokens of a block", low=1, unit="token")

    def plan(self, plan: Plan) -> Plan:
        """Round what a sequence holds up to whole blocks."""
        return replace(plan, allocation=replace(plan.allocation, block_tokens=self.block))
