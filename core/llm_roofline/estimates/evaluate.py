"""Evaluation: a scenario becomes an estimate; many workloads of one plan become one whose numbers are arrays."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from ..basics import Numbers, largest
from ..models import Requests, refuse_beyond
from ..operators import stacked
from ..operators.counts import values_of, values_together
from ..roofline import stretches
from ..serving import beside, decode_passes, first_context, prefill_passes, tower_pass
from .estimate import Estimate
from .memory import memory
from .notes import format_note, states_note, stored_note
from .phases import Part, phases
from .planning import planned
from .sequence import sequence

if TYPE_CHECKING:
    from ..operators import Step
    from ..roofline import Rates, Stretches
    from ..serving import Plan, Run, Schedule
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


def evaluate_step(scenario: Scenario, step: Step[Numbers]) -> Phase:
    """One decode pass of a scenario, whatever its workload and schedule.

    Parameters
    ----------
    scenario : Scenario
        Model, device, formats, techniques and conventions.
    step : Step
        The pass; its fields are single numbers.
    """
    return _made(planned(scenario).decode.rates, [step], Part("step", [1], 1))[0]


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
    prefill, decode = _phases(plan, asked)
    encoder = vision = draft = draft_prefill = None
    if plan.encoder:
        encoder = _tower(plan, plan.encoder, "encoder", asked.prompt_tokens, asked.batch_size)
    if plan.vision and plan.model.vision:
        vision = _tower(plan, plan.vision, "vision", plan.model.vision.tokens, asked.batch_size)
    if plan.draft and plan.draft_prefill:
        draft_prefill, draft = _draft(plan, plan.draft_prefill, plan.draft, asked)
    return Estimate(
        scenario=scenario,
        plan=plan,
        asked=asked,
        prefill=prefill,
        decode=decode,
        memory=memory(plan, asked.batch_size, sequence(plan, asked.prompt_tokens, asked.output_tokens)),
        notes=(
            *dict(scenario.readings).values(),
            *scenario.model.notes,
            *plan.all_notes,
            *format_note(plan),
            *states_note(plan),
            *stored_note(plan),
        ),
        encoder=encoder,
        vision=vision,
        draft=draft,
        draft_prefill=draft_prefill,
    )


def _phases(plan: Plan, asked: Requests) -> tuple[Phase, Phase]:
    """Prefill and mean decode step; where both run the same, one product serves the passes of both."""
    model, schedule, prompt, batch = plan.model, plan.schedule, asked.prompt_tokens, asked.batch_size
    one, many = batch * 0 + 1, _steps(asked, schedule)
    rates, query = plan.decode.rates, schedule.query_tokens
    generation = stretches(rates.structure, first_context(model, prompt) + query, many, query)
    read = prefill_passes(model, prompt, schedule, schedule.in_prefill(batch))
    written = decode_passes(model, prompt, generation.contexts, query, schedule.in_decode(batch, asked.decode_steps))
    reading = Part(model.paradigm.passes[0], [one] * len(read), one)
    writing = Part(model.paradigm.passes[1], generation.shares, many, is_generation=True)
    if schedule.mixed:
        return _mixed(plan, read, asked, generation), _made(rates, written, writing)[0]
    if plan.prefill is not plan.decode:
        return _made(plan.prefill.rates, read, reading)[0], _made(rates, written, writing)[0]
    prefill, decode = _made(rates, [*read, *written], reading, writing)
    return prefill, decode


def _made(rates: Rates, steps: list[Step[Numbers]], *parts: Part) -> list[Phase]:
    return phases(rates, values_of(stacked(steps), rates.structure.counts), parts)


def _steps(asked: Requests, schedule: Schedule) -> Numbers:
    """Decode steps of a request, or of the longest part of its output; at least 1 [1]."""
    return largest(-(-asked.decode_steps // schedule.parts(asked.decode_steps)), 1)


def _mixed(plan: Plan, read: list[Step[Numbers]], asked: Requests, generation: Stretches) -> Phase:
    """Prefill passes that each run a decode step of other requests as well, wherever in their generation these are."""
    model, schedule, rates = plan.model, plan.schedule, plan.prefill.rates
    others = beside(schedule, asked, schedule.passes(asked.decode_steps))
    parts = schedule.parts(asked.decode_steps)
    steps = [
        decode_passes(model, asked.prompt_tokens, generation.contexts, schedule.query_tokens, n * parts) for n in others
    ]
    chunks = [chunk for chunk in read for _ in generation.contexts]
    values = values_together((stacked(chunks), stacked([*chain.from_iterable(steps)])), rates.structure.counts)
    mean = values.reshape(len(values), len(read), -1) @ np.array(generation.shares, dtype=np.float64)
    return phases(rates, mean, [Part("prefill", [1] * len(read), 1)])[0]


def _tower(plan: Plan, run: Run, name: str, tokens: Numbers, batch: Numbers) -> Phase:
    """Pass of a tower over its tokens."""
    one = batch * 0 + 1
    return _made(run.rates, [tower_pass(tokens, plan.schedule.in_prefill(batch) * one)], Part(name, [one], one))[0]


def _draft(plan: Plan, reader: Run, run: Run, asked: Requests) -> tuple[Phase, Phase]:
    """Prefill and mean step of a draft model."""
    schedule, context = plan.schedule, asked.prompt_tokens
    many, batch = _steps(asked, schedule), schedule.in_decode(asked.batch_size, asked.decode_steps)
    model, rates, several = plan.model, run.rates, len(schedule.draft_tokens)
    read = prefill_passes(model, asked.prompt_tokens, schedule, schedule.in_prefill(asked.batch_size))
    written: list[Step[Numbers]] = []
    shares: list[Numbers] = []
    for query in schedule.draft_tokens:  # the passes before a check run over what they have guessed so far
        context += query
        generation = stretches(rates.structure, context, many, query)
        shares += [share / several for share in generation.shares]
        written += decode_passes(model, asked.prompt_tokens, generation.contexts, query, batch)
    reading = Part("draft prefill", [1] * len(read), 1)
    writing = Part("draft", shares, many * several, is_generation=True)
    if reader is not run:
        return _made(reader.rates, read, reading)[0], _made(rates, written, writing)[0]
    draft_prefill, draft = _made(rates, [*read, *written], reading, writing)
    return draft_prefill, draft
