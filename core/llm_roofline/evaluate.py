"""Evaluation: a scenario becomes an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .compile import compiled
from .estimate import Estimate, Phase
from .generation import decode_sums, stretches
from .memory import memory
from .notes import stored_note
from .passes import first_context, steps
from .roofline import BOUNDS, BYTES, MOVED, rates
from .step import Step, features
from .table import OperatorTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .compile import Compiled
    from .model import Stack, Tower
    from .roofline import Rates
    from .scenario import Scenario


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
    model, work = scenario.model, scenario.workload
    structure, given = _structure(scenario, model)
    many = max(work.decode_steps, 1)
    ends = stretches(structure, first_context(model, work) + 1, many)
    # One product serves every pass: the prefill, the ends of the decode steps, and the two that memory is measured on.
    passes = _Passes(structure, given, steps(model, work, ends))
    decode = slice(1, 1 + ends.size)
    live = _live(passes, slice(decode.stop, None))
    encoder = vision = None
    if model.encoder:
        encoder, most = _tower(scenario, model.encoder, work.prompt_tokens)
        live = max(live, most)
    if model.vision and model.vision.tokens:
        vision, most = _tower(scenario, model.vision, model.vision.tokens)
        live = max(live, most)
    names = ("denoising",) * 2 if model.diffuses else ("prefill", "decode")
    return Estimate(
        scenario=scenario,
        prefill=Phase(names[0], passes.table(0), 1),
        decode=Phase(names[1], _mean_step(passes, decode, ends, many), many),
        memory=memory(passes.structure, given, scenario, passes.values[:, -1], live),
        notes=(*given.notes, *stored_note(scenario)),
        encoder=encoder,
        vision=vision,
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
    return Phase("step", _Passes(*_structure(scenario, scenario.model), step).table(), 1)


class _Passes:
    """Features, work, traffic and times of forward passes, their passes on the last axis where there are several."""

    def __init__(self, structure: Compiled, given: Rates, step: Step) -> None:
        self.structure, self.given = structure, given
        self.values = features(step, structure.features)
        self.rows = given.of(self.values)

    def table(self, *which: int) -> OperatorTable:
        """Table of one pass, named where there are several."""
        place: Any = (..., *which)
        values, rows = self.values[place], self.rows[place]
        return OperatorTable(self.structure, self.given, values, rows, rows[BOUNDS].max(axis=0))


def _structure(scenario: Scenario, stack: Stack) -> tuple[Compiled, Rates]:
    structure = compiled(stack, scenario.techniques or (), scenario.conventions)
    return structure, rates(structure, scenario.hardware, scenario.precision, scenario.conventions)


def _tower(scenario: Scenario, tower: Tower, tokens: int) -> tuple[Phase, float]:
    """Pass of a tower over its tokens, and the largest set of results of one sequence that are alive at once [byte]."""
    passes = _Passes(*_structure(scenario, tower), Step(np.array([scenario.workload.batch_size, 1]), tokens, tokens))
    return Phase(tower.name, passes.table(0), 1), _live(passes, slice(1, None))


def _live(passes: _Passes, which: slice) -> float:
    """Largest set of results that are alive at once in some of the passes [byte]."""
    return float(np.max(passes.structure.live @ passes.rows[MOVED][WRITTEN][:, which]))


def _mean_step(passes: _Passes, which: slice, ends: NDArray[np.int64], steps: int) -> OperatorTable:
    """Mean step of a generation: all but the time is linear in the features, so that it is that of their mean."""
    values, lines = (a[..., which].reshape(*a.shape[:-1], *ends.shape) for a in (passes.values, passes.rows[BOUNDS]))
    sums = decode_sums(values, lines, ends)
    mean = sums.features / steps
    return OperatorTable(passes.structure, passes.given, mean, passes.given.of(mean), sums.time / steps)
