"""Evaluation: a scenario becomes an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .estimate import Estimate, Phase
from .features import Shape
from .generation import decode_sums, stretches
from .limits import refuse_beyond
from .memory import memory
from .notes import stored_note
from .passes import Pass, decode_passes, first_context, prefill_passes, shape_of
from .plan import planned
from .roofline import BOUNDS, BYTES, MOVED
from .step import values_of
from .table import OperatorTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .plan import Plan, Run
    from .scenario import Scenario
    from .step import Step
    from .workload import Workload

WRITTEN = BYTES.index("activation_write_bytes")


def evaluate(scenario: Scenario) -> Estimate:
    """Estimate of a scenario: its prefill, its decode steps, their times and its memory.

    Parameters
    ----------
    scenario : Scenario
        What to evaluate.

    Raises
    ------
    RooflineError
        If a technique does not go with the model, the device, the workload or another one.

    Examples
    --------
    >>> from llm_roofline import Scenario, evaluate, hardware, models
    >>> e = evaluate(Scenario(models["meta-llama/Llama-3.1-8B"], hardware["h100-sxm"]))
    >>> bool(e.decode.operators["q_proj"].bound == "memory")
    True
    """
    plan, work = planned(scenario), scenario.workload
    if plan.model is not scenario.model:
        refuse_beyond(plan.model, work)
    prefill, decode, live, last = _phases(plan, work)
    encoder = vision = draft = None
    if plan.encoder:
        encoder, most = _tower(plan.encoder, "encoder", work.prompt_tokens, plan.schedule.in_prefill(work))
        live = max(live, most)
    if plan.vision and plan.model.vision and plan.model.vision.tokens:
        vision, most = _tower(plan.vision, "vision", plan.model.vision.tokens, plan.schedule.in_prefill(work))
        live = max(live, most)
    cache = _cache_bytes(plan.decode, last) * plan.residence.kv_cache
    if plan.draft:
        draft, drafted = _draft(plan, plan.draft, work)
        cache += drafted
    notes = dict.fromkeys(note for run in plan.runs for note in run.rates.notes)
    return Estimate(
        scenario=scenario,
        plan=plan,
        prefill=prefill,
        decode=decode,
        memory=memory(plan, work, cache, live),
        notes=(*notes, *plan.notes, *stored_note(scenario)),
        encoder=encoder,
        vision=vision,
        draft=draft,
    )


def evaluate_step(scenario: Scenario, step: Step) -> Phase:
    """One decode pass of a scenario, whatever its workload and schedule.

    Parameters
    ----------
    scenario : Scenario
        Model, device, formats, techniques and conventions.
    step : Step
        The pass; its fields are single numbers.
    """
    return Phase("step", _Passes(planned(scenario).decode, step.shape).table(), 1)


class _Passes:
    """Features, work, traffic and times of forward passes, their passes on the last axis where there are several."""

    def __init__(self, run: Run, shape: Shape) -> None:
        self.run = run
        self.values = values_of(shape, run.structure.features)
        self.rows = run.rates.of(self.values)

    def table(self) -> OperatorTable:
        """Table of a single pass."""
        return OperatorTable(self.run.structure, self.run.rates, self.values, self.rows, self.rows[BOUNDS].max(axis=0))

    def sum(self, which: slice) -> OperatorTable:
        """Table of what some passes take together."""
        values, rows = self.values[:, which], self.rows[..., which]
        times = rows[BOUNDS].max(axis=0).sum(axis=-1)
        return OperatorTable(self.run.structure, self.run.rates, values.sum(axis=-1), rows.sum(axis=-1), times)

    def mean_step(self, which: slice, ends: NDArray[np.int64], steps: int) -> OperatorTable:
        """Mean step of a generation: all but the time is linear in the features, so that it is that of their mean."""
        values, lines = (a[..., which].reshape(*a.shape[:-1], *ends.shape) for a in (self.values, self.rows[BOUNDS]))
        sums = decode_sums(values, lines, ends)
        mean = sums.features / steps
        return OperatorTable(self.run.structure, self.run.rates, mean, self.run.rates.of(mean), sums.time / steps)

    def live(self, which: slice) -> float:
        """Largest set of results that are alive at once in some of the passes [byte]."""
        return float(np.max(self.run.structure.live @ self.rows[MOVED][WRITTEN][:, which]))


class _Phases(NamedTuple):
    """Both phases, the largest live set of one sequence [byte], and features of its last step."""

    prefill: Phase
    decode: Phase
    live: float
    last: NDArray[np.float64]


def _phases(plan: Plan, work: Workload) -> _Phases:
    """Prefill and mean decode step; where both run the same, one product serves every pass."""
    model, schedule, many = plan.model, plan.schedule, max(work.decode_steps, 1)
    first = first_context(model, work)
    query = schedule.query_tokens
    ends = stretches(plan.decode.structure, first + query, many, query)
    read = prefill_passes(model, work, schedule, schedule.in_prefill(work))
    written = decode_passes(model, work, ends.ravel().tolist(), query, schedule.in_pass(work.batch_size))
    # Memory is measured on single sequences.
    read_one = [one._replace(batch=1) for one in read]
    last = decode_passes(model, work, [plan.residence.allocated(first + work.output_tokens)], query, 1)
    if plan.prefill is plan.decode:
        passes = _Passes(plan.decode, shape_of([*read, *written, *read_one, *last]))
        prefill, at = passes, len(read)
    else:
        prefill, at = _Passes(plan.prefill, shape_of([*read, *read_one])), 0
        passes = _Passes(plan.decode, shape_of([*written, *last]))
    chunks, decoded = len(read), len(written)
    live = passes.live(slice(at + decoded, None))
    if prefill is not passes:
        live = max(live, prefill.live(slice(chunks, None)))
    names = ("denoising",) * 2 if model.diffuses else ("prefill", "decode")
    return _Phases(
        Phase(names[0], prefill.sum(slice(chunks)), 1),
        Phase(names[1], passes.mean_step(slice(at, at + decoded), ends, many), many),
        live,
        passes.values[:, -1],
    )


def _tower(run: Run, name: str, tokens: int, batch: int) -> tuple[Phase, float]:
    """Pass of a tower over its tokens, and the largest set of results of one sequence that are alive at once [byte]."""
    passes = _Passes(run, shape_of([Pass(batch, tokens, tokens, False, 0), Pass(1, tokens, tokens, False, 0)]))
    return Phase(name, passes.sum(slice(1)), 1), passes.live(slice(1, None))


def _cache_bytes(run: Run, last: NDArray[np.float64]) -> float:
    """Keys, values and states of one sequence at its last step [byte]."""
    storage = run.rates.storage
    return sum(storage[kind] * float(elements @ last) for kind, elements in run.structure.kept.items())


def _draft(plan: Plan, run: Run, work: Workload) -> tuple[Phase, float]:
    """Mean step of a draft model, and what it keeps of one sequence [byte]."""
    first, many = work.prompt_tokens + 1, max(work.decode_steps, 1)
    ends = stretches(run.structure, first, many)
    batch, longest = plan.schedule.in_pass(work.batch_size), plan.residence.allocated(work.context_tokens)
    written = [Pass(batch, 1, context, False, 0) for context in ends.ravel().tolist()]
    passes = _Passes(run, shape_of([*written, Pass(1, 1, longest, False, 0)]))
    return Phase("draft", passes.mean_step(slice(ends.size), ends, many), many), _cache_bytes(run, passes.values[:, -1])
