"""Evaluation: a scenario becomes an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .compile import compiled
from .estimate import Estimate, Phase
from .generation import decode_sums, stretches
from .memory import memory
from .roofline import BYTES, rates, times, traffic
from .step import Step, features
from .table import OperatorTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .compile import Compiled
    from .roofline import Rates
    from .scenario import Scenario
    from .workload import Workload


WRITTEN = BYTES.index("activation_write_bytes")


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
    ends = stretches(structure, work.prompt_tokens + 1, max(work.decode_steps, 1))
    # One product serves every pass: the prefill, the ends of the decode steps, and the two that memory is measured on.
    passes = _Passes(structure, given, _steps(work, ends))
    decode = slice(1, 1 + ends.size)
    live = float(np.max(structure.live @ passes.moved[WRITTEN][:, decode.stop :]))
    return Estimate(
        scenario=scenario,
        prefill=Phase("prefill", passes.table(0), 1),
        decode=_mean_step(passes, decode, ends, max(work.decode_steps, 1)),
        memory=memory(scenario.model, given, scenario.hardware, work, live),
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
    return Phase("step", _Passes(*_structure(scenario), step).table(), 1)


class _Passes:
    """Features, counts, traffic and times of forward passes, their passes on the last axis where there are several."""

    def __init__(self, structure: Compiled, given: Rates, step: Step) -> None:
        self.structure, self.given = structure, given
        self.values = features(step, structure.features)
        self.columns = structure.columns_of(self.values)
        self.moved = traffic(self.columns, given)
        self.bounds = times(self.columns, self.moved, given).stacked

    def table(self, *which: int) -> OperatorTable:
        """Table of one pass, named where there are several."""
        place: Any = (..., *which)
        values, columns, moved, bounds = (a[place] for a in (self.values, self.columns, self.moved, self.bounds))
        return OperatorTable(self.structure, self.given, values, columns, moved, bounds, bounds.max(axis=0))


def _structure(scenario: Scenario) -> tuple[Compiled, Rates]:
    structure = compiled(scenario.model, scenario.techniques or (), scenario.conventions)
    return structure, rates(structure, scenario.hardware, scenario.precision, scenario.conventions)


def _steps(work: Workload, ends: NDArray[np.int64]) -> Step:
    """The prefill, the ends of the stretches, and prefill and last step of a single sequence."""
    b, prompt, one = work.batch_size, work.prompt_tokens, np.ones(ends.size)
    return Step(
        batch=np.array([b, *(b * one), 1, 1]),
        query_tokens=np.array([prompt, *one, prompt, 1]),
        context_tokens=np.array([prompt, *ends.ravel(), prompt, work.context_tokens]),
        prompt=np.array([True, *(0 * one), True, False]),
    )


def _mean_step(passes: _Passes, which: slice, ends: NDArray[np.int64], steps: int) -> Phase:
    """Mean step of a generation: counts are linear, so their mean is that of the features."""
    values, lines = (a[..., which].reshape(*a.shape[:-1], *ends.shape) for a in (passes.values, passes.bounds))
    sums = decode_sums(values, lines, ends)
    mean = sums.features / steps
    columns = passes.structure.columns_of(mean)
    moved = traffic(columns, passes.given)
    table = OperatorTable(passes.structure, passes.given, mean, columns, moved, sums.bounds / steps, sums.time / steps)
    return Phase("decode", table, steps)
