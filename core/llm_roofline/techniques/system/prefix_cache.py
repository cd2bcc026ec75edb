"""Keys and values of a prompt's beginning that are there already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ..base import Technique
from ..parameters import count
from ..refusals import decoders_alone

if TYPE_CHECKING:
    from ...serving import Plan


@dataclass(frozen=True)
class PrefixCache(Technique):
    """All prompts begin alike, and only what follows is read."""

    name = "prefix-cache"
    label = "prefix cache"
    mechanism = "The prefill leaves out the tokens that all prompts begin with; their keys and values are kept once."
    citation = "RadixAttention, Zheng et al. 2023, arXiv 2312.07104"
    acts_on = "steps"
    neutral = {"tokens": 0}
    # no TPOT: beside each of fewer chunks more requests decode
    never_raises = ("ttft", "prefill_flops", "decode_flops", "decode_bytes")

    tokens: int = count(64, "tokens of the common beginning", unit="token")

    def plan(self, plan: Plan) -> Plan:
        """Leave the beginning out of the prefill.

        Raises
        ------
        TechniqueError
            If the model has states, which hold the whole past and cannot be shared in part.
        """
        if not self.tokens:
            return plan
        decoders_alone(plan, self)
        if plan.decode.stack.has_states:
            raise TechniqueError(
                "a prefix cache shares keys and values; this model has states, which hold all the past."
            )
        return plan.with_schedule(cached_tokens=self.tokens)
