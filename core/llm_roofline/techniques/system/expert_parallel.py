"""Expert parallelism: experts divided among devices that each serve a part of the batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...operators import Derived, ExpertLinear, ExpertSum, scaled
from ...operators.counts import ExpertsHit
from ..base import Technique
from ..parameters import count, number
from ..rewriting import each_block
from ..rewriting.layout import kernel_of
from ..rewriting.network import LATENCY, Network, on_network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...models import Block
    from ...operators import Cost, Operator
    from ...operators.counts import Count
    from ...serving import Plan


@dataclass(frozen=True)
class ExpertParallel(Technique):
    """Each device has a share of the experts, and all else whole, for its part of the batch."""

    name = "expert-parallel"
    label = "expert parallelism"
    mechanism = (
        "Each of n devices has a share of the experts and a part of the batch; tokens travel to their experts and back."
    )
    citation = "GShard, Lepikhin et al. 2020, arXiv 2006.16668; DeepSeek-V3, arXiv 2412.19437, section 3.4"
    acts_on = "devices"
    neutral = {"degree": 1}
    towers = False
    excludes = {"tensor-parallel": "here every device keeps attention whole for its own part of the batch"}

    degree: int = count(2, "devices", low=1, high=1024)
    busiest: float = number(1.0, "load of the busiest device over the mean", low=1)
    bandwidth: float = number(0.0, "bandwidth of a device's link to the others; 0: its own", unit="GB/s")
    latency: float = number(LATENCY, "latency of a collective", unit="µs")

    def layers(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Divide the experts, and let the tokens travel.

        Raises
        ------
        TechniqueError
            If the model has no experts, or they do not divide.
        """
        if self.degree == 1:
            return blocks
        kernels = [kernel_of(op) for block in blocks for op in block.operators]
        counts = {kernel.experts for kernel in kernels if isinstance(kernel, ExpertLinear)}
        if not counts:
            raise TechniqueError("expert parallelism divides experts, and this model has none.")
        if any(experts % self.degree for experts in counts):
            listed = " and ".join(map(str, sorted(counts)))
            raise TechniqueError(
                f"expert parallelism needs a degree that divides {listed} experts (got {self.degree})."
            )
        return each_block(blocks, self._spread)

    def plan(self, plan: Plan) -> Plan:
        """Share the batch among the devices, and give them their network."""
        if self.degree == 1:
            return plan
        spread = on_network(plan, self.bandwidth).with_schedule(replicas=plan.schedule.replicas * self.degree)
        note = (
            f"Every device runs as many sequences as the fullest one, as engines that pad do: "
            f"a batch counts as the next multiple of {self.degree}."
        )
        return replace(spread, devices=plan.devices * self.degree, notes=(*plan.notes, note))

    def _spread(self, operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
        rows: list[Operator] = []
        arrived: dict[str, str] = {}
        for operator in operators:
            kernel, inputs = kernel_of(operator), operator.inputs
            if isinstance(kernel, ExpertLinear):
                if kernel.first and inputs[0] not in arrived:
                    arrived[inputs[0]] = f"{inputs[0]}.dispatch"
                    rows.append(self._exchange(arrived[inputs[0]], inputs[0], kernel))
                sources = tuple(arrived.get(source, source) for source in inputs)
                rows.append(Spread(operator.name, sources, operator, self.degree, self.busiest))
            elif isinstance(kernel, ExpertSum):
                back = f"{operator.name}.combine"
                kernels = [kernel_of(op) for op in operators if op.name == inputs[0]]
                rows += [self._exchange(back, inputs[0], last) for last in kernels if isinstance(last, ExpertLinear)]
                rows.append(replace(operator, inputs=(back, *inputs[1:])))
            else:
                rows.append(operator)
        return tuple(rows)

    def _exchange(self, name: str, source: str, expert: ExpertLinear) -> Operator:
        """Each token's hidden states, once for each of its experts."""
        width = expert.chosen * (expert.width_in if expert.first else expert.width_out)
        return Network(self.degree, self.latency).all_to_all(name, source, width)


@dataclass(frozen=True, slots=True)
class Spread(Derived):
    """A layer of the experts of one device, to which the tokens of all devices travel.

    Parameters
    ----------
    devices : int
        Devices that share the experts [1].
    busiest : float
        Load of the busiest one, which the others wait for, over the mean [1].
    """

    whole: Operator
    devices: int
    busiest: float

    @property
    def parameters(self) -> Mapping[str, float]:
        """Stored parameters of its experts by storage kind [1]."""
        return {kind: count / self.devices for kind, count in self.whole.parameters.items()}

    def changed(self, cost: Cost) -> Cost:
        """As many tokens as before, from all devices; of the experts that these hit, a share."""

        def hit(terms: Mapping[Count, float]) -> dict[Count, float]:
            return {self._of_all(count): value / self.devices for count, value in terms.items()}

        def load(terms: Mapping[Count, float]) -> dict[Count, float]:
            return scaled(terms, self.busiest)

        return replace(
            cost,
            matrix_flops=load(cost.matrix_flops),
            weight_read=hit(cost.weight_read),
            wide_weight_read=hit(cost.wide_weight_read),
            activation_read=load(cost.activation_read),
            wide_write=load(cost.wide_write),
        )

    def _of_all(self, count: Count) -> Count:
        """The count, of the tokens of all devices."""
        if isinstance(count, ExpertsHit):
            return replace(count, tokens=count.tokens * self.devices)
        return count
