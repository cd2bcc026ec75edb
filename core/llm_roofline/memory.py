"""Memory that a scenario needs on a device, whether it fits, and the largest batch that does."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .roofline import traffic
from .step import Step, cached, features

if TYPE_CHECKING:
    from .compile import Compiled
    from .hardware import Hardware
    from .model import Model
    from .roofline import Rates
    from .workload import Workload

USABLE = 0.9
"""Share of the capacity that an engine may fill; the rest holds its runtime and fragments (vLLM's ``gpu_memory_utilization``)."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory at the longest context.

    Parameters
    ----------
    weight_bytes : float
        Stored parameters, a tied head once [byte].
    kv_cache_bytes : float
        Keys and values of prompt and output of the whole batch [byte].
    activation_bytes : float
        Largest set of results alive at once in the prefill or a decode step, logits included [byte].
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


def memory(model: Model, structure: Compiled, given: Rates, hardware: Hardware, workload: Workload) -> Memory:
    """Memory of a workload.

    Weights do not depend on the batch and everything else grows in proportion to it, so the largest batch is one division.
    """
    storage = given.storage
    weights = sum(count * storage[kind] for kind, count in model.parameters_by_kind.items())
    kept = model.cached_elements_per_token
    tokens = features(Step(1, 1, workload.context_tokens), [cached(window) for window in kept])
    kv_cache = storage["kv_cache"] * sum(int(n) * elements for n, elements in zip(tokens, kept.values(), strict=True))
    prompt, longest = workload.prompt_tokens, workload.context_tokens
    activations = live_bytes(structure, given, Step(1, np.array([prompt, 1]), np.array([prompt, longest])))
    usable = USABLE * hardware.memory_bytes
    return Memory(
        weight_bytes=weights,
        kv_cache_bytes=workload.batch_size * kv_cache,
        activation_bytes=workload.batch_size * activations,
        capacity_bytes=hardware.memory_bytes,
        usable_bytes=usable,
        largest_batch=max(0, math.floor((usable - weights) / (kv_cache + activations))),
    )


def live_bytes(structure: Compiled, given: Rates, steps: Step) -> float:
    """Largest sum of results alive while one operator of one of the steps runs [byte]: from its maker to its last reader."""
    written = traffic(structure.columns(steps), given)[2]
    return float(np.max(structure.live @ written))
