"""Capacity: the longest context that a scenario's memory holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..basics import RooflineError
from ..models import LARGEST
from .evaluate import evaluate

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

    def fits(tokens: int) -> bool:
        try:
            return evaluate(replace(scenario, workload=replace(scenario.workload, prompt_tokens=tokens))).memory.fits
        except RooflineError:  # longer than the model's context
            return False

    low, high = 0, 1
    while high < LARGEST and fits(high):
        low, high = high, 2 * high
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
