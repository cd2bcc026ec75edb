"""Evaluation: a scenario becomes an estimate; many workloads of one plan become one whose numbers are arrays."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..basics.arrays import largest, plain
from ..models.limits import refuse_beyond
from ..models.workload import Requests
from ..operators.counts.values import values_of, values_together
from ..operators.step import stacked
from ..roofline.generation import stretches
from ..serving.passes import decode_passes, first_context, prefill_passes, tower_pass
from .estimate import Estimate
from .memory import OfOne, memory
from .notes import stored_note
from .phases import Part, phases
from .planning import planned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..operators.step import Step
    from ..roofline.generation import Stretches
    from ..serving.plan import Plan, Run
    from ..serving.schedule import Schedule
    from .phase import Phase
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
    return phases(rates, values_of(stacked([step]), rates.structure.counts), [Part("step", [1], 1)])[0]


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
        one = one._replace(read=largest(one.read, alive))
    if plan.vision and plan.model.vision and plan.model.vision.tokens:
        vision, alive = _tower(plan, plan.vision, "vision", plan.model.vision.tokens, asked.batch_size)
        one = one._replace(read=largest(one.read, alive))
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


class _Phases(NamedTuple):
    """Both phases, and what one sequence takes."""

    prefill: Phase
    decode: Phase
    one: OfOne


def _phases(plan: Plan, asked: Requests) -> _Phases:
    """Prefill and mean decode step; where both run the same, one array holds the counts of every pass."""
    model, schedule, prompt, batch = plan.model, plan.schedule, asked.prompt_tokens, asked.batch_size
    single, many = batch * 0 + 1, _steps(asked, schedule.segments)
    first, query = first_context(model, prompt), schedule.query_tokens
    rates = plan.decode.rates
    generation = stretches(rates.structure, first + query, many, query)
    read = prefill_passes(model, prompt, schedule, schedule.in_prefill(batch))
    written = decode_passes(model, prompt, generation.contexts, query, schedule.in_decode(batch))
    # Memory is measured on single sequences.
    read_one = [step._replace(batch=single) for step in read]
    output = asked.output_tokens + query - 1 if plan.decode.conventions.output_memory else 0
    longest = [plan.allocation.tokens(first + output), plan.allocation.tokens(schedule.cached_tokens) + 0 * first]
    last = decode_passes(model, prompt, longest, query, single)
    names = ("denoising",) * 2 if model.diffuses else ("prefill", "decode")
    parts = Part(names[0], [single] * len(read), single), Part(names[1], generation.weights, many, is_generation=True)
    if plan.prefill is plan.decode:
        values = values_of(stacked([*read, *written, *read_one, *last]), rates.structure.counts)
        apart = len(read) + len(written)
        prefill, decode = phases(rates, values[:, :apart], parts)
        one = _of_one(rates.held(values[:, apart:]), schedule)
    else:
        reading, counts = plan.prefill.rates, plan.prefill.rates.structure.counts
        values = values_of(stacked([*read, *read_one]), counts)
        (prefill,) = phases(reading, values[:, : len(read)], parts[:1])
        held = reading.held(values[:, len(read) :])
        values = values_of(stacked([*written, *last]), rates.structure.counts)
        (decode,) = phases(rates, values[:, :-2], parts[1:])
        one = _of_one(np.concatenate((held, rates.held(values[:, -2:])), axis=1), schedule)
    if schedule.mixed:
        prefill = _mixed(plan, read, asked, generation)
    return _Phases(prefill, decode, one)


def _of_one(held: NDArray[np.float64], schedule: Schedule) -> OfOne:
    """What one sequence takes, given what it has in memory in the passes of its prefill and in two decode passes.

    The second of these has the tokens that are cached alone.
    """
    alive, kept, cached = held.tolist() if held.ndim == 2 else held  # noqa: PLR2004 - of one workload, Python's own numbers
    return OfOne(
        kept=kept[-2],
        shared=cached[-1] if schedule.cached_tokens else 0.0,
        read=reduce(largest, alive[:-2]),
        written=alive[-2],
    )


def _steps(asked: Requests, segments: int) -> Any:  # noqa: ANN401 - as Requests
    """Decode steps of a request, those of a segment where its output is written in several; at least 1 [1]."""
    return largest(-(-asked.decode_steps // segments), 1)


def _mixed(plan: Plan, read: list[Step[Any]], asked: Requests, generation: Stretches) -> Phase:
    """Prefill passes that each run a decode step of all other requests, at their mean context, as well."""
    rates, others = plan.prefill.rates, plan.schedule.in_pass(asked.batch_size) - 1
    context, query = int(np.mean(generation.contexts)), plan.schedule.query_tokens
    beside = decode_passes(plan.model, asked.prompt_tokens, [context] * len(read), query, others)
    values = values_together((stacked(read), stacked(beside)), rates.structure.counts)
    return phases(rates, values, [Part("prefill", [1] * len(read), 1)])[0]


def _tower(plan: Plan, run: Run, name: str, tokens: Any, batch: Any) -> tuple[Phase, Any]:  # noqa: ANN401 - as Requests
    """Pass of a tower over its tokens, and the largest set of results of one sequence that are alive at once [byte]."""
    rates, single = run.rates, batch * 0 + 1
    sizes = plan.schedule.in_prefill(batch) + 0 * batch, single
    values = values_of(stacked([tower_pass(tokens, size) for size in sizes]), rates.structure.counts)
    (phase,) = phases(rates, values[:, :1], [Part(name, [single], single)])
    return phase, plain(rates.held(values[:, 1])[0])


def _draft(plan: Plan, run: Run, asked: Requests) -> tuple[Phase, Phase, OfOne]:
    """Prefill and mean step of a draft model, and what one sequence takes of it."""
    schedule, many, context = plan.schedule, _steps(asked, 1), asked.prompt_tokens
    model, rates = plan.model, run.rates
    read = prefill_passes(model, asked.prompt_tokens, schedule, schedule.in_prefill(asked.batch_size))
    read_one = [step._replace(batch=1) for step in read]
    written: list[Step[Any]] = []
    weights: list[Any] = []
    for query in schedule.draft_tokens:  # the passes before a check run over what they have guessed so far
        context += query
        generation = stretches(rates.structure, context, many, query)
        weights += generation.weights
        batch = schedule.in_pass(asked.batch_size)
        written += decode_passes(model, asked.prompt_tokens, generation.contexts, query, batch)
    longest = [plan.allocation.tokens(n) for n in (context + asked.decode_steps, schedule.cached_tokens)]
    last = decode_passes(model, asked.prompt_tokens, longest, max(schedule.draft_tokens), 1)
    values = values_of(stacked([*read, *written, *read_one, *last]), rates.structure.counts)
    apart, steps = len(read) + len(written), many * len(schedule.draft_tokens)
    parts = Part("draft prefill", [1] * len(read), 1), Part("draft", weights, steps, is_generation=True)
    draft_prefill, draft = phases(rates, values[:, :apart], parts)
    return draft_prefill, draft, _of_one(rates.held(values[:, apart:]), schedule)
