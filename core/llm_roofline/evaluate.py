"""Evaluation: a scenario becomes an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .compile import compiled
from .estimate import Estimate, Phase
from .generation import decode_sums
from .memory import memory
from .roofline import rates, times, traffic
from .step import Step, features
from .table import OperatorTable

if TYPE_CHECKING:
    from .compile import Compiled
    from .roofline import Rates
    from .scenario import Scenario


def evaluate(scenario: Scenario) -> Estimate:
    """Estimate of a scenario: its prefill, its decode steps, their times and its memory.

    Parameters
    ----------
    scenario : Scenario
        What to evaluate.

    Examples
    --------
    >>> from llm_roofline import Scenario, evaluate, hardware, models
    >>> e = evaluate(Scenario(models["meta-llama/Llama-3.1-8B"], hardware["h100-sxm"]))
    >>> bool(e.decode.operators["q_proj"].bound == "memory")
    True
    """
    structure, given = _structure(scenario)
    work = scenario.workload
    return Estimate(
        scenario=scenario,
        prefill=_single(
            structure, given, Step(work.batch_size, work.prompt_tokens, work.prompt_tokens, prompt=True), "prefill"
        ),
        decode=_decode(structure, given, work.batch_size, work.prompt_tokens + 1, max(work.decode_steps, 1)),
        memory=memory(scenario.model, structure, given, scenario.hardware, work),
        notes=given.notes,
    )


def evaluate_step(scenario: Scenario, step: Step) -> Phase:
    """One forward pass of a scenario's model, whatever its workload.

    Parameters
    ----------
    scenario : Scenario
        Model, device, formats, techniques and conventions.
    step : Step
        The pass; its fields are single numbers.
    """
    return _single(*_structure(scenario), step, "step")


def _structure(scenario: Scenario) -> tuple[Compiled, Rates]:
    structure = compiled(scenario.model, scenario.techniques or (), scenario.conventions)
    return structure, rates(structure, scenario.hardware, scenario.precision, scenario.conventions)


def _single(structure: Compiled, given: Rates, step: Step, name: str) -> Phase:
    values = features(step, structure.features)
    columns = structure.columns_of(values)
    moved = traffic(columns, given)
    bounds = times(columns, moved, given).stacked
    return Phase(name, OperatorTable(structure, given, values, columns, moved, bounds, bounds.max(axis=0)), 1)


def _decode(structure: Compiled, given: Rates, batch: int, first: int, steps: int) -> Phase:
    """Mean step of a generation: counts are linear, so their mean is that of the features."""
    sums = decode_sums(structure, given, batch, first, steps)
    values = sums.features / steps
    columns = structure.columns_of(values)
    table = OperatorTable(
        structure, given, values, columns, traffic(columns, given), sums.bounds / steps, sums.time / steps
    )
    return Phase("decode", table, steps)
