"""Operators that run on the processor of the host."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...devices import hardware
from ..base import Technique
from ..parameters import choice
from ..rewriting import each_operator
from ..system.kv_offloading import CacheOutside
from ..system.weight_offloading import Outside
from .processing_in_memory import KINDS

if TYPE_CHECKING:
    from ...models import Block
    from ...operators import Operator
    from ...serving import Plan


@dataclass(frozen=True)
class HostCompute(Technique):
    """Operators of one kind run in decode on another device, at its peak and the bandwidth of its memory."""

    name = "host-compute"
    label = "operators on the host"
    mechanism = "Operators of one kind run where their data lie, on another device with its own roof, such as the host."
    citation = "PowerInfer, Song et al. 2023, arXiv 2312.12456; arXiv 2402.16363, figure 18"
    acts_on = "hardware"
    never_raises = ("ttft", "prefill_flops", "decode_flops", "prefill_bytes", "decode_bytes", "memory_bytes")
    decode_only = True
    excludes = {"processing-in-memory": "each sends operators of its own choice offloaded"}

    kind: str = choice("attention", "operators on the host", KINDS)
    device: str = choice("xeon-8480plus", "the host", hardware)

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Keep off the link what the operators there find outside the first device's memory."""
        return each_operator(blocks, self._at_its_data)

    def _at_its_data(self, operator: Operator) -> Operator:
        if operator.shown_as != self.kind or not isinstance(operator, CacheOutside | Outside):
            return operator
        return replace(operator, crosses=False)

    def plan(self, plan: Plan) -> Plan:
        """Send the operators of decode there."""
        machine = replace(plan.decode.machine, offloaded=((self.kind, hardware[self.device]),))
        return replace(plan, decode=replace(plan.decode, machine=machine))
