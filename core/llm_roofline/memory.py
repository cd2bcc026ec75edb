"""Memory that a scenario needs on a device, whether it fits, and the largest batch that does."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .compile import Compiled
    from .roofline import Rates
    from .scenario import Scenario

USABLE = 0.9
"""Share of the capacity that an engine may fill, vLLM's ``gpu_memory_utilization``; the rest holds its runtime [1]."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory at the longest context.

    Parameters
    ----------
    weight_bytes : float
        Stored parameters, a tied head once, or all that the checkpoint's headers say [byte].
    kv_cache_bytes : float
        Keys and values of prompt or source, and of the output, of the whole batch, and states [byte].
    activation_bytes : float
        Largest set of results alive at once in any pass, logits included [byte].
    capacity_bytes : float
        Memory of the device [byte].
    usable_bytes : float
        What of it may be filled [byte].
    largest_batch : int
        Largest batch of this workload that fits [1]; 0 where the weights and one sequence do not.
    """

    weight_bytes: float
    kv_cache_bytes: float
    activation_bytes: float
    capacity_bytes: float
    usable_bytes: float
    largest_batch: int

    @property
    def total_bytes(self) -> float:
        """Everything together [byte]."""
        return self.weight_bytes + self.kv_cache_bytes + self.activation_bytes

    @property
    def fits(self) -> bool:
        """Whether it stays within what may be filled."""
        return self.total_bytes <= self.usable_bytes


def memory(structure: Compiled, given: Rates, scenario: Scenario, last: NDArray[np.float64], live: float) -> Memory:
    """Memory of a scenario.

    Weights do not depend on the batch and everything else grows in proportion to it, so the largest batch is one
    division.

    Parameters
    ----------
    structure, given, scenario : Compiled, Rates, Scenario
        What runs, in which formats, on what.
    last : ndarray
        Features of the pass of one sequence at the longest context, shape ``(feature,)`` [1].
    live : float
        Largest set of results of one sequence that are alive at once [byte].
    """
    storage, model = given.storage, scenario.model
    if model.stored and scenario.precision == model.precision:
        weights = float(model.stored.total)
    else:
        weights = sum(
            count * storage[kind] for stack in model.stacks for kind, count in stack.parameters_by_kind.items()
        )
    kv_cache = sum(storage[kind] * float(elements @ last) for kind, elements in structure.kept.items())
    usable, batch = USABLE * scenario.hardware.memory_bytes, scenario.workload.batch_size
    return Memory(
        weight_bytes=weights,
        kv_cache_bytes=batch * kv_cache,
        activation_bytes=batch * live,
        capacity_bytes=scenario.hardware.memory_bytes,
        usable_bytes=usable,
        largest_batch=max(0, math.floor((usable - weights) / (kv_cache + live))),
    )
