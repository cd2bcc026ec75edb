"""Many workloads of one plan, in blocks that stay in the cache of a core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...models import Requests
from ...serving import Allocation, Schedule
from ..evaluate import estimated
from ..quantities import SWEPT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...serving import Plan
    from ..scenario import Scenario

PRODUCT = 500_000
"""Products of two numbers that a block takes at most [1]: its arrays stay in the cache of a core, memory is bounded,
and a product of matrices is too small to be shared among threads, whose start takes longer."""
PASSES = 3
"""Passes that an estimate has at least: the prefill, and both ends of a generation [1]."""
COLUMNS = 8
"""A block is padded to a multiple of so many workloads [1].

A product of matrices takes other paths through the last columns than through those before, and rounds otherwise there.
Padded, a workload gives the same bits wherever it stands, and so a sweep in chunks those of the whole.
"""


def runs_together(plan: Plan) -> bool:
    """Whether the requests of a plan begin and end together, so that many workloads are one estimate.

    Parameters
    ----------
    plan : Plan
        What runs.
    """
    return plan.schedule == Schedule() and plan.allocation == Allocation() and plan.draft is None


def quantities(scenario: Scenario, plan: Plan, asked: Requests) -> dict[str, NDArray[Any]]:
    """Values of :data:`llm_roofline.estimates.quantities.SWEPT`, each of shape ``(workload,)``.

    Parameters
    ----------
    scenario : Scenario
        What was planned.
    plan : Plan
        What runs; :func:`runs_together`.
    asked : Requests
        Fields of shape ``(workload,)`` [1], as many as one likes.
    """
    count = len(asked.batch_size)
    size = max(PRODUCT // (PASSES * plan.decode.rates.terms) // COLUMNS, 1) * COLUMNS
    padded = [np.pad(field, (0, -count % COLUMNS), mode="edge") for field in asked]
    parts = []
    for start in range(0, count, size):
        block = Requests(*(field[start : start + size] for field in padded))
        e = estimated(scenario, plan, block)
        parts.append({name: np.broadcast_to(entry.of(e), block.batch_size.shape) for name, entry in SWEPT.items()})
    return {name: np.concatenate([part[name] for part in parts])[:count] for name in SWEPT}
