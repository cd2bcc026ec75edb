"""Capacity: the longest context that a scenario's memory holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..basics import TechniqueError, WorkloadError
from ..models import refuse_beyond
from ..serving import first_context, refuse_many_chunks
from .memory import memory
from .planning import planned
from .sequence import sequence

if TYPE_CHECKING:
    from .scenario import Scenario


def longest_prompt(scenario: Scenario) -> int:
    """Longest prompt with which a batch fits, output and batch as they are [token]; 0 where none does.

    One token more does not fit, or is more than the model was built for. What is needed grows with the prompt, so that
    halving what is left finds it.

    Parameters
    ----------
    scenario : Scenario
        Model, device, batch, output, formats and techniques; its prompt makes no difference.

    Examples
    --------
    >>> from llm_roofline import Scenario, Workload, hardware, models
    >>> longest_prompt(Scenario(models["meta-llama/Llama-3.1-8B"], hardware["rtx-4090"], Workload(1, 1, 256)))
    24440
    """
    plan, work = planned(scenario), scenario.workload
    limited = [model for model in (scenario.model, plan.model, plan.drafter) if model]

    def fits(tokens: int) -> bool:
        try:
            longer = replace(work, prompt_tokens=tokens)
            for model in limited:
                refuse_beyond(model, longer)
            refuse_many_chunks(plan.schedule, first_context(plan.model, tokens))
        except (WorkloadError, TechniqueError):
            return False
        return memory(plan, work.batch_size, sequence(plan, tokens, work.output_tokens)).fits

    least = plan.schedule.cached_tokens  # and something to read behind it
    low, high = least, least + 1
    while fits(high):
        low, high = high, 2 * high
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low if low > least else 0
