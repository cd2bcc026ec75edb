"""Evaluation: a scenario becomes an estimate; many workloads of one plan become one whose numbers are arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..models.limits import refuse_beyond
from ..models.workload import Requests
from ..operators.counts.values import values_of, values_together
from ..operators.step import stacked
from ..roofline.generation import Stretches, mean_counts, mean_time, stretches
from ..serving.passes import decode_passes, first_context, prefill_passes, tower_pass
from .estimate import Estimate
from .memory import OfOne, memory
from .notes import stored_note
from .phase import Phase
from .planning import planned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..operators.step import Step, StepArrays
    from ..roofline.rates import Rates
    from ..serving.plan import Plan, Run
    from .scenario import Scenario


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
    for model in (plan.model, plan.drafter):
        if model and model is not scenario.model:
            refuse_beyond(model, work)
    return estimated(scenario, plan, Requests(work.batch_size, work.prompt_tokens, work.output_tokens))


def evaluate_step(scenario: Scenario, step: Step[Any]) -> Phase:
    """One decode pass of a scenario, whatever its workload and schedule.

    Parameters
    ----------
    scenario : Scenario
        Model, device, formats, techniques and conventions.
    step : Step
        The pass; its fields are single numbers.
    """
    rates = planned(scenario).decode.rates
    values = values_of(step.arrays, rates.structure.counts)
    return Phase("step", rates, values, np.maximum.reduce(rates.bounds(values), axis=0), 1)


def estimated(scenario: Scenario, plan: Plan, asked: Requests) -> Estimate:
    """Estimate of what is asked of a plan; a number for each number, an array for each array.

    Parameters
    ----------
    scenario : Scenario
        What was planned.
    plan : Plan
        What runs.
    asked : Requests
        The workloads; arrays where the requests of the plan run together.
    """
    prefill, decode, one = _phases(plan, asked)
    encoder = vision = draft = draft_prefill = None
    if plan.encoder:
        encoder, alive = _tower(plan, plan.encoder, "encoder", asked.prompt_tokens, asked.batch_size)
        one = one._replace(read=np.maximum(one.read, alive))
    if plan.vision and plan.model.vision and plan.model.vision.tokens:
        vision, alive = _tower(plan, plan.vision, "vision", plan.model.vision.tokens, asked.batch_size)
        one = one._replace(read=np.maximum(one.read, alive))
    if plan.draft:
        draft_prefill, draft, drafting = _draft(plan, plan.draft, asked)
        one = one.beside(drafting)
    return Estimate(
        scenario=scenario,
        plan=plan,
        asked=asked,
        prefill=prefill,
        decode=decode,
        memory=memory(plan, asked.batch_size, one),
        notes=(*plan.all_notes, *stored_note(plan)),
        encoder=encoder,
        vision=vision,
        draft=draft,
        draft_prefill=draft_prefill,
    )


class _Passes:
    """Forward passes of a run: their counts, from which each answer is one product of matrices."""

    def __init__(self, rates: Rates, step: StepArrays) -> None:
        self.rates = rates
        self.values = values_of(step, rates.structure.counts)

    def together(self, which: slice) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Counts and times of one layer of what some passes take together."""
        return _together(self.rates, self.values[:, which])

    def mean_step(self, which: slice, steps: Stretches, many: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # noqa: ANN401 - as Requests
        """Counts and time of one layer of the mean step of a generation, which some passes begin and end stretches of.

        All but the time is linear in the counts, so that it is that of their mean.
        """
        values = self.values[:, which]
        lines = self.rates.bounds(values)
        return mean_counts(values, steps.lengths, many), mean_time(lines, steps.lengths, many)

    def alive(self, which: slice) -> Any:  # noqa: ANN401 - as Requests
        """Largest set of results that are alive at once in any of some passes [byte]."""
        return np.maximum.reduce(self.rates.alive(self.values[:, which]), axis=0)

    def kept(self, which: int) -> Any:  # noqa: ANN401 - as Requests
        """What a sequence keeps after one of the passes [byte]."""
        return self.rates.kept @ self.values[:, which]

    def cached(self, which: int) -> Any:  # noqa: ANN401 - as Requests
        """What of it is in the KV cache [byte]."""
        return self.rates.cached @ self.values[:, which]


class _Phases(NamedTuple):
    """Both phases, and what one sequence takes."""

    prefill: Phase
    decode: Phase
    one: OfOne


def _phases(plan: Plan, asked: Requests) -> _Phases:
    """Prefill and mean decode step; where both run the same, one array holds the counts of every pass."""
    model, schedule, prompt = plan.model, plan.schedule, asked.prompt_tokens
    many = _steps(asked, schedule.segments)
    first, query = first_context(model, prompt), schedule.query_tokens
    rates = plan.decode.rates
    generation = stretches(rates.structure, first + query, many, query)
    read = prefill_passes(model, prompt, schedule, schedule.in_prefill(asked.batch_size))
    written = decode_passes(model, prompt, generation.contexts, query, schedule.in_decode(asked.batch_size))
    # Memory is measured on single sequences.
    single = asked.batch_size * 0 + 1
    read_one = [step._replace(batch=single) for step in read]
    output = asked.output_tokens + query - 1 if plan.decode.conventions.output_memory else 0
    longest = [plan.allocation.tokens(first + output), plan.allocation.tokens(schedule.cached_tokens) + 0 * first]
    last = decode_passes(model, prompt, longest, query, single)
    r, w = len(read), len(written)
    if plan.prefill is plan.decode:
        decode = prefill = _Passes(rates, stacked([*read, *written, *read_one, *last]))
        steps, ones = slice(r, r + w), slice(r + w, -2)
    else:
        prefill = _Passes(plan.prefill.rates, stacked([*read, *read_one]))
        decode = _Passes(rates, stacked([*written, *last]))
        steps, ones = slice(w), slice(r, None)
    together = prefill.together(slice(r)) if not schedule.mixed else _mixed(plan, read, asked, generation)
    names = ("denoising",) * 2 if model.diffuses else ("prefill", "decode")
    return _Phases(
        Phase(names[0], prefill.rates, *together, 1),
        Phase(names[1], rates, *decode.mean_step(steps, generation, many), many),
        OfOne(
            kept=decode.kept(-2),
            shared=decode.cached(-1) if schedule.cached_tokens else 0.0,
            read=prefill.alive(ones),
            written=decode.alive(slice(-2, -1)),
        ),
    )


def _steps(asked: Requests, segments: int) -> Any:  # noqa: ANN401 - as Requests
    """Decode steps of a request, those of a segment where its output is written in several; at least 1 [1]."""
    steps = -(-asked.decode_steps // segments)
    return max(steps, 1) if isinstance(steps, int) else np.maximum(steps, 1)


def _mixed(
    plan: Plan, read: list[Step[Any]], asked: Requests, generation: Stretches
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Prefill passes that each run a decode step of all other requests, at their mean context, as well."""
    rates, others = plan.prefill.rates, plan.schedule.in_pass(asked.batch_size) - 1
    context = int(np.mean(generation.contexts))
    query = plan.schedule.query_tokens
    beside = decode_passes(plan.model, asked.prompt_tokens, [context] * len(read), query, others)
    return _together(rates, values_together((stacked(read), stacked(beside)), rates.structure.counts))


def _together(rates: Rates, values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Counts and times of one layer of what passes of some counts, shape ``(count, pass, *sweep)``, take together."""
    times = np.maximum.reduce(rates.bounds(values), axis=0)
    return np.add.reduce(values, axis=1), np.add.reduce(times, axis=1)


def _tower(plan: Plan, run: Run, name: str, tokens: Any, batch: Any) -> tuple[Phase, Any]:  # noqa: ANN401 - as Requests
    """Pass of a tower over its tokens, and the largest set of results of one sequence that are alive at once [byte]."""
    sizes = plan.schedule.in_prefill(batch), batch * 0 + 1
    passes = _Passes(run.rates, stacked([tower_pass(tokens, size) for size in sizes]))
    return Phase(name, run.rates, *passes.together(slice(1)), 1), passes.alive(slice(1, None))


def _draft(plan: Plan, run: Run, asked: Requests) -> tuple[Phase, Phase, OfOne]:
    """Prefill and mean step of a draft model, and what one sequence takes of it."""
    schedule, many, prompt = plan.schedule, _steps(asked, 1), asked.prompt_tokens
    model, rates = plan.model, run.rates
    read = prefill_passes(model, prompt, schedule, schedule.in_prefill(asked.batch_size))
    read_one = [step._replace(batch=1) for step in read]
    written, lengths, context = [], [], prompt
    for query in schedule.draft_tokens:  # the passes before a check run over what they have guessed so far
        context += query
        part = stretches(rates.structure, context, many, query)
        lengths.append(part.lengths)
        written += decode_passes(model, prompt, part.contexts, query, schedule.in_pass(asked.batch_size))
    longest = [plan.allocation.tokens(n) for n in (context + asked.decode_steps, schedule.cached_tokens)]
    last = decode_passes(model, prompt, longest, max(schedule.draft_tokens), 1)
    passes, r = _Passes(rates, stacked([*read, *read_one, *written, *last])), len(read)
    steps, drafts = many * len(lengths), Stretches([], np.concatenate(lengths))
    return (
        Phase("draft prefill", rates, *passes.together(slice(r)), 1),
        Phase("draft", rates, *passes.mean_step(slice(2 * r, -2), drafts, steps), steps),
        OfOne(
            kept=passes.kept(-2),
            shared=passes.cached(-1) if schedule.cached_tokens else 0.0,
            read=passes.alive(slice(r, 2 * r)),
            written=passes.alive(slice(-2, -1)),
        ),
    )
