"""Memory that a scenario needs on each device, whether it fits, and the largest batch that does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ..basics import Numbers, largest, whole
from ..models import LARGEST
from ..roofline import element_sizes, parameter_bytes

if TYPE_CHECKING:
    from ..serving import Plan, Run
    from .sequence import Sequence

USABLE = 0.9
"""Share of the capacity that an engine may fill, vLLM's ``gpu_memory_utilization``; the rest holds its runtime [1]."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of one device at the longest context.

    Parameters
    ----------
    weight_bytes : float
        Stored parameters, a tied head once, as the checkpoint's headers say where they do [byte].
    kv_cache_bytes : float
        Keys and values of prompt or source, and of the output, of the whole batch, and states [byte].
    activation_bytes : float
        Largest set of results alive at once in any pass, logits included [byte].
    capacity_bytes : float
        Memory of the device, or of the smaller one where another device reads the prompts [byte].
    usable_bytes : float
        What of it may be filled [byte].
    largest_batch : int
        Largest batch of this workload that fits [1]; 0 where the weights and one sequence do not.
    devices : int
        Devices each of which has this memory [1].
    """

    weight_bytes: float
    kv_cache_bytes: float
    activation_bytes: float
    capacity_bytes: float
    usable_bytes: float
    largest_batch: int
    devices: int = 1

    @property
    def total_bytes(self) -> float:
        """Everything together [byte]."""
        return self.weight_bytes + self.kv_cache_bytes + self.activation_bytes

    @property
    def fits(self) -> bool:
        """Whether it stays within what may be filled."""
        return self.total_bytes <= self.usable_bytes

    @property
    def devices_needed(self) -> Numbers:
        """Devices that would hold it together: no fewer do, however it is divided [1]."""
        return whole(-(-self.devices * self.total_bytes // self.usable_bytes))


def memory(plan: Plan, batch: Numbers, one: Sequence) -> Memory:
    """Memory of a plan on each device.

    Weights do not depend on the batch. The cache grows in proportion to the sequences that a device has, and what is
    alive to those of a pass, so that the largest batch is nearly one division where a pass runs all of them.

    Parameters
    ----------
    plan : Plan
        What runs.
    batch : int or ndarray
        Sequences, shape ``(*sweep)`` [1].
    one : Sequence
        What one sequence takes.
    """
    capacity = min(run.machine.hardware.memory_bytes for run in (plan.prefill, plan.decode))
    weights, usable = weight_bytes(plan) / plan.schedule.stages, USABLE * capacity
    cache, alive = _of_batch(plan, batch, one)
    return Memory(
        weight_bytes=weights,
        kv_cache_bytes=cache,
        activation_bytes=alive,
        capacity_bytes=capacity,
        usable_bytes=usable,
        largest_batch=_largest(plan, weights, usable, one),
        devices=plan.devices,
    )


def _of_batch(plan: Plan, batch: Numbers, one: Sequence) -> tuple[Numbers, Numbers]:
    """Cache and live results of a batch on each device [byte]."""
    schedule = plan.schedule
    cache = (schedule.on_replica(batch) * (one.kept - one.shared) + one.shared) / schedule.stages
    read, written = schedule.in_prefill(batch) * one.read, schedule.in_pass(batch) * one.written
    return cache, read + written if schedule.mixed else largest(read, written)


@lru_cache(maxsize=1024)
def weight_bytes(plan: Plan) -> float:
    """Bytes of all weights, operator by operator as a step reads them [byte].

    Parameters
    ----------
    plan : Plan
        What runs.
    """
    copies = plan.draft_copies
    return sum(_of_run(run) * (copies if run is plan.draft else 1) for run in plan.resident)


def _of_run(run: Run) -> float:
    """Bytes of the parameters of a run: as the checkpoint's headers say, the others in the run's formats [byte]."""
    storage, sizes = run.rates.storage, run.stored_sizes
    if not run.conventions.whole_memory:
        return sum(n * storage[kind] for kind, n in run.structure.weights.items())
    if not sizes:
        return sum(parameter_bytes(run.stack, run.precision, run.conventions, run.sparsity).values())
    size_of = element_sizes(run.stack, run.precision, run.conventions, run.sparsity)
    return sum(
        block.layers * n * (sizes.get((block.name, operator.name), size) if kind != "adapters" else size)
        for block, operator in run.stack.operators()
        for kind, n in operator.parameters.items()
        for size in (size_of(block.name, operator, kind),)
    )


def _largest(plan: Plan, weights: float, usable: float, one: Sequence) -> Numbers:
    """Largest batch that fits, shape ``(*sweep)`` [1]."""

    def fits(batch: Numbers) -> Numbers:
        cache, alive = _of_batch(plan, batch, one)
        return weights + cache + alive <= usable  # as Memory.fits adds, to the last digit

    schedule = plan.schedule
    if weights > usable:
        return whole(0 * one.kept)
    if schedule.stages == 1 and not schedule.prefill_alone and not schedule.cached_tokens:  # all grows in proportion
        each = one.kept + largest(one.read, one.written)
        near = schedule.replicas * whole((usable - weights) / each)
        near = near - schedule.replicas * (1 - fits(near))  # the quotient may have been rounded up, or down
        return near + schedule.replicas * fits(near + schedule.replicas)
    low, high = 0, LARGEST
    while low < high:  # what is needed never falls as the batch grows
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low
