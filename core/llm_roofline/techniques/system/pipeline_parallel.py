"""Pipeline parallelism: the layers divided among devices one behind the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...models import Block
from ...operators import HIDDEN, Norm, ResidualAdd
from ..base import Technique
from ..parameters import count, number
from ..rewriting.layout import kernel_of
from ..rewriting.network import LATENCY, STAGES, Network, on_network

if TYPE_CHECKING:
    from ...serving import Plan


@dataclass(frozen=True)
class PipelineParallel(Technique):
    """Stages of layers; micro-batches follow each other through them."""

    name = "pipeline-parallel"
    label = "pipeline parallelism"
    mechanism = (
        "Each of n devices has a share of the layers; a token passes all of them, while micro-batches keep them busy."
    )
    citation = "GPipe, Huang et al. 2018, arXiv 1811.06965; PipeDream, Narayanan et al. 2018, arXiv 1806.03377"
    acts_on = "devices"
    neutral = {"stages": 1}
    never_raises = ("prefill_flops", "decode_flops")
    towers = False

    stages: int = count(2, "stages", low=1, high=1024)
    bandwidth: float = number(0.0, "bandwidth of a device's link to the next; 0: its own", unit="GB/s")
    latency: float = number(LATENCY, "latency of a message", unit="µs")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Let the hidden states cross the network between the stages."""
        if self.stages == 1:
            return blocks
        kernels = [kernel_of(op) for block in blocks for op in block.operators]
        width = max(k.width for k in kernels if isinstance(k, Norm | ResidualAdd))
        hop = Network(2, self.latency, STAGES).send("pipeline.send", HIDDEN, width)
        return (*blocks[:-1], Block("pipeline", self.stages - 1, (hop,)), blocks[-1])

    def plan(self, plan: Plan) -> Plan:
        """Divide the layers among the stages.

        Raises
        ------
        TechniqueError
            If there are more stages than layers.
        """
        if self.stages == 1:
            return plan
        layers = sum(block.layers for block in plan.model.blocks)
        if self.stages > layers:
            raise TechniqueError(f"{plan.model.name} has {layers} layers and cannot fill {self.stages} stages.")
        plan = on_network(plan, self.bandwidth, STAGES).with_schedule(stages=self.stages)
        note = "Memory is that of the mean stage; those with the embedding, the head or a layer more need more."
        return replace(plan, devices=plan.devices * self.stages, notes=(*plan.notes, note))
