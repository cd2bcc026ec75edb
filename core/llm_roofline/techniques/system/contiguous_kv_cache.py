"""A KV cache reserved in one piece, which paging replaces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..base import Technique
from ..parameters import count

if TYPE_CHECKING:
    from ...serving import Plan


@dataclass(frozen=True)
class ContiguousKVCache(Technique):
    """Room for the longest sequence, reserved for every one."""

    name = "contiguous-kv-cache"
    label = "contiguous KV cache"
    mechanism = (
        "Every sequence reserves room for the longest one, most of which stays empty: what engines did before paging."
    )
    citation = "Kwon et al. 2023, arXiv 2309.06180, section 3.1"
    acts_on = "placement"
    neutral = {"reserved": 1}
    rivals = "say how the cache is allocated"

    reserved: int = count(0, "tokens reserved for each sequence; 0: the longest context of the model", unit="token")

    def plan(self, plan: Plan) -> Plan:
        """Reserve the longest sequence."""
        tokens = self.reserved or plan.model.context_limit or 1
        return replace(plan, allocation=replace(plan.allocation, reserved_tokens=tokens))
