"""Tensor parallelism: every layer divided by heads and columns among devices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...operators import (
    Attention,
    Elementwise,
    Embedding,
    ExpertLinear,
    ExpertSum,
    Head,
    Linear,
    Part,
    StateScan,
)
from ...operators.counts import NEXT_TOKENS
from ..base import Technique
from ..parameters import count, number
from ..rewriting import each_block
from ..rewriting.layout import ROWS, divided, kernel_of, kv_heads, places
from ..rewriting.network import LATENCY, Network, on_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...models import Block
    from ...operators import Operator
    from ...serving import Plan


@dataclass(frozen=True)
class TensorParallel(Technique):
    """Heads and columns on several devices, which add up what they have twice a layer."""

    name = "tensor-parallel"
    label = "tensor parallelism"
    mechanism = (
        "Each of n devices has a share of heads, columns and vocabulary, and all add up their results over the network "
        "after each part of a layer."
    )
    citation = "Megatron-LM, Shoeybi et al. 2019, arXiv 1909.08053"
    acts_on = "devices"
    neutral = {"degree": 1}
    # no memory: a device holds its part of the logits and, once gathered, all of them
    never_raises = ("prefill_flops", "decode_flops")

    degree: int = count(2, "devices", low=1, high=1024)
    bandwidth: float = number(0.0, "bandwidth of a device's link to the others; 0: its own", unit="GB/s")
    latency: float = number(LATENCY, "latency of a collective", unit="µs")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Divide every layer, the embedding and the head.

        Raises
        ------
        TechniqueError
            If heads, or those of keys and values, do not divide among the devices.
        """
        return each_block(blocks, self._sharded) if self.degree > 1 else blocks

    def plan(self, plan: Plan) -> Plan:
        """Give the devices their network."""
        if self.degree == 1:
            return plan
        return replace(on_network(plan, self.bandwidth), devices=plan.devices * self.degree)

    def _sharded(self, operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
        heads = kv_heads(operators)
        self._refuse_indivisible(operators, heads)
        cache = max(1 / self.degree, 1 / heads)
        parts, at = divided(operators, 1 / self.degree, cache), places(operators)
        rows: list[Operator] = []
        partial: dict[str, float] = {}  # results that still have to be added up, and their widths
        sums: dict[str, str] = {}
        for operator in operators:
            kernel, summed = kernel_of(operator), [source for source in operator.inputs if source in partial]
            if isinstance(kernel, ExpertSum | Elementwise) and summed:
                partial[operator.name] = kernel.width if isinstance(kernel, ExpertSum) else kernel.width_out
            else:
                for source in summed:
                    if source not in sums:
                        rows.append(self._network.all_reduce(source, partial[source]))
                        sums[source] = rows[-1].name
            part = parts[operator.name]
            rows += self._vocabulary(replace(part, inputs=tuple(sums.get(s, s) for s in operator.inputs)))
            if at[operator.name] == ROWS and isinstance(kernel, Linear | ExpertLinear):
                partial[operator.name] = kernel.width_out
        last = operators[-1].name
        if last in partial and last not in sums:
            rows.append(self._network.all_reduce(last, partial[last]))
        return tuple(rows)

    @property
    def _network(self) -> Network:
        return Network(self.degree, self.latency)

    def _vocabulary(self, operator: Operator) -> Iterator[Operator]:
        """Rows of the embedding and of the head divide as well; each device looks up or scores its own."""
        kernel, share = kernel_of(operator), 1 / self.degree
        if isinstance(kernel, Embedding):
            yield Part(operator.name, operator.inputs, operator, weights=share, stored=share)
            yield self._network.all_reduce(operator.name, kernel.width, kernel.per)
        elif isinstance(kernel, Head):
            yield Part(operator.name, operator.inputs, operator, work=share, weights=share, stored=share, written=share)
            yield self._network.all_gather(operator.name, kernel.vocabulary, NEXT_TOKENS)
        else:
            yield operator

    def _refuse_indivisible(self, operators: tuple[Operator, ...], shared: int) -> None:
        for operator in operators:
            kernel = kernel_of(operator)
            heads = kernel.heads if isinstance(kernel, Attention | StateScan) else self.degree
            if heads % self.degree:
                raise TechniqueError(
                    f"tensor parallelism needs a degree that divides the {heads} heads of {operator.name} "
                    f"(got {self.degree})."
                )
        if shared % self.degree and self.degree % shared:
            raise TechniqueError(
                f"tensor parallelism needs a degree that divides the {shared} heads of keys and values, or is a "
                f"multiple of them (got {self.degree})."
            )
