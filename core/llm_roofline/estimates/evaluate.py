"""Evaluation: a scenario becomes an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..models.limits import refuse_beyond
from ..operators.counts import Shape
from ..operators.step import values_of, values_together
from ..roofline.generation import decode_sums, stretches
from ..roofline.rates import BOUNDS, BYTES, MOVED
from ..serving.passes import Pass, decode_passes, first_context, prefill_passes, shape_of
from .estimate import Estimate, Phase
from .memory import OfOne, memory
from .notes import stored_note
from .planning import planned
from .table import OperatorTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..models.workload import Workload
    from ..operators.step import Step
    from ..serving.plan import Plan, Run
    from .scenario import Scenario

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
    prefill, decode, one = _phases(plan, work)
    encoder = vision = draft = draft_prefill = None
    if plan.encoder:
        encoder, alive = _tower(plan, plan.encoder, "encoder", work.prompt_tokens, work.batch_size)
        one = one._replace(read=max(one.read, alive))
    if plan.vision and plan.model.vision and plan.model.vision.tokens:
        vision, alive = _tower(plan, plan.vision, "vision", plan.model.vision.tokens, work.batch_size)
        one = one._replace(read=max(one.read, alive))
    if plan.draft and plan.drafter:
        refuse_beyond(plan.drafter, work)
        draft_prefill, draft, drafting = _draft(plan, plan.draft, work)
        kept, shared = one.kept + drafting.kept, one.shared + drafting.shared
        one = OfOne(kept, shared, max(one.read, drafting.read), max(one.written, drafting.written))
    return Estimate(
        scenario=scenario,
        plan=plan,
        prefill=prefill,
        decode=decode,
        memory=memory(plan, work, one),
        notes=(*plan.all_notes, *stored_note(plan)),
        encoder=encoder,
        vision=vision,
        draft=draft,
        draft_prefill=draft_prefill,
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
        return _summed(self.run, self.values[:, which], self.rows[..., which])

    def mean_step(self, which: slice, ends: NDArray[np.int64], steps: int) -> OperatorTable:
        """Mean step of a generation: all but the time is linear in the features, so that it is that of their mean."""
        values, lines = (a[..., which].reshape(*a.shape[:-1], *ends.shape) for a in (self.values, self.rows[BOUNDS]))
        sums = decode_sums(values, lines, ends)
        mean = sums.features / steps
        return OperatorTable(self.run.structure, self.run.rates, mean, self.run.rates.of(mean), sums.time / steps)

    def live(self, which: slice) -> list[float]:
        """Largest set of results that are alive at once, in each of some passes [byte]."""
        alive = self.run.structure.live @ self.rows[MOVED][WRITTEN][:, which]
        return [float(most) for most in alive.max(axis=0)]

    def kept(self, which: int, *kinds: str) -> float:
        """What a sequence keeps after one of the passes, of all storage kinds or of some [byte]."""
        storage, kept = self.run.rates.storage, self.run.structure.kept
        last = self.values[:, which]
        return sum(storage[kind] * float(terms @ last) for kind, terms in kept.items() if kind in (kinds or kept))


class _Phases(NamedTuple):
    """Both phases, and what one sequence takes."""

    prefill: Phase
    decode: Phase
    one: OfOne


def _phases(plan: Plan, work: Workload) -> _Phases:
    """Prefill and mean decode step; where both run the same, one product serves every pass."""
    model, schedule = plan.model, plan.schedule
    many = max(-(-work.decode_steps // schedule.segments), 1)
    first, query = first_context(model, work), schedule.query_tokens
    ends = stretches(plan.decode.structure, first + query, many, query)
    read = prefill_passes(model, work, schedule, schedule.in_prefill(work.batch_size))
    written = decode_passes(model, work, ends.ravel().tolist(), query, schedule.in_decode(work.batch_size))
    # Memory is measured on single sequences.
    read_one = [one._replace(batch=1) for one in read]
    output = work.output_tokens + query - 1 if plan.decode.conventions.output_memory else 0
    longest = [plan.allocation.tokens(tokens) for tokens in (first + output, schedule.cached_tokens)]
    last = decode_passes(model, work, longest, query, 1)
    if plan.prefill is plan.decode:
        passes = _Passes(plan.decode, shape_of([*read, *written, *read_one, *last]))
        before, at = passes, len(read) + len(written)
    else:
        before = _Passes(plan.prefill, shape_of([*read, *read_one]))
        passes = _Passes(plan.decode, shape_of([*written, *last]))
        at = len(written)
    alive = passes.live(slice(at, None))
    if before is not passes:
        alive = [*before.live(slice(len(read), None)), *alive]
    names = ("denoising",) * 2 if model.diffuses else ("prefill", "decode")
    table = before.sum(slice(len(read)))
    if schedule.mixed:
        table = _mixed(plan, read, work, int(ends.mean()))
    shared = passes.kept(-1, "kv_cache") if schedule.cached_tokens else 0.0
    return _Phases(
        Phase(names[0], table, 1),
        Phase(names[1], passes.mean_step(slice(at - len(written), at), ends, many), many),
        OfOne(passes.kept(-2), shared, max(alive[: len(read)]), alive[-2]),
    )


def _mixed(plan: Plan, read: list[Pass], work: Workload, context: int) -> OperatorTable:
    """Prefill passes that each run a decode step of all other requests, at their mean context, as well."""
    run, others = plan.prefill, plan.schedule.in_pass(work.batch_size) - 1
    beside = decode_passes(plan.model, work, [context] * len(read), plan.schedule.query_tokens, others)
    values = values_together((shape_of(read), shape_of(beside)), run.structure.features)
    return _summed(run, values, run.rates.of(values))


def _summed(run: Run, values: NDArray[np.float64], rows: NDArray[np.float64]) -> OperatorTable:
    """Table of what passes take together."""
    times = rows[BOUNDS].max(axis=0).sum(axis=-1)
    return OperatorTable(run.structure, run.rates, values.sum(axis=-1), rows.sum(axis=-1), times)


def _tower(plan: Plan, run: Run, name: str, tokens: int, batch: int) -> tuple[Phase, float]:
    """Pass of a tower over its tokens, and the largest set of results of one sequence that are alive at once [byte]."""
    sizes = plan.schedule.in_prefill(batch), 1
    passes = _Passes(run, shape_of([Pass(size, tokens, tokens, False, 0) for size in sizes]))
    return Phase(name, passes.sum(slice(1)), 1), passes.live(slice(1, None))[0]


def _draft(plan: Plan, run: Run, work: Workload) -> tuple[Phase, Phase, OfOne]:
    """Prefill and mean step of a draft model, and what one sequence takes of it."""
    schedule, many = plan.schedule, max(work.decode_steps, 1)
    read = prefill_passes(plan.model, work, schedule, schedule.in_prefill(work.batch_size))
    read_one = [one._replace(batch=1) for one in read]
    written, ends, context = [], [], work.prompt_tokens
    for query in schedule.draft_tokens:  # the passes before a check run over what they have guessed so far
        context += query
        ends.append(stretches(run.structure, context, many, query))
        written += [Pass(schedule.in_pass(work.batch_size), query, at, False, 0) for at in ends[-1].ravel().tolist()]
    longest = plan.allocation.tokens(context + work.output_tokens - 1), plan.allocation.tokens(schedule.cached_tokens)
    last = [Pass(1, max(schedule.draft_tokens), tokens, False, 0) for tokens in longest]
    passes, at = _Passes(run, shape_of([*read, *read_one, *written, *last])), 2 * len(read)
    steps = many * len(ends)
    return (
        Phase("draft prefill", passes.sum(slice(len(read))), 1),
        Phase("draft", passes.mean_step(slice(at, at + len(written)), np.concatenate(ends), steps), steps),
        OfOne(
            passes.kept(-2),
            passes.kept(-1, "kv_cache") if schedule.cached_tokens else 0.0,
            max(passes.live(slice(len(read), at))),
            passes.live(slice(-2, -1))[0],
        ),
    )
