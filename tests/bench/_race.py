"""An evaluation against the yardstick, in turn; and where the time of an evaluation goes."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

from llm_roofline import Estimate, Scenario, Workload, evaluate, hardware, models
from llm_roofline.estimates.memory import memory
from llm_roofline.estimates.phases import Part, phases
from llm_roofline.estimates.planning import planned
from llm_roofline.estimates.sequence import sequence
from llm_roofline.operators import stacked
from llm_roofline.operators.counts import values_of
from llm_roofline.roofline import stretches
from llm_roofline.serving import decode_passes, prefill_passes
from tests.bench._line import Line
from tests.bench._yardstick import Decoder, analysis

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3000
PROMPT, OUTPUT = 2048, 256
SCENARIO = Scenario(models["meta-llama/Llama-2-7b-hf"], hardware["h100-sxm"], Workload(1, PROMPT, OUTPUT))


def lines() -> list[Line]:
    """Both medians with the ratio, and each stage of ours."""
    batches, model = cycle(range(1, 200)), Decoder()
    ours, loops = in_turn(
        lambda: read(evaluate(asked(next(batches)))), lambda: analysis(model, next(batches), PROMPT, OUTPUT)
    )
    ratio = sorted(a / b for a, b in zip(ours, loops, strict=True))[ROUNDS // 2]
    stages = [Line(f"of it: {name}", samples, "µs") for name, samples in spent().items()]
    loop = Line(
        "the same arithmetic as a plain loop in Python", loops, "µs", "", "a fifth of what an evaluation answers"
    )
    return [
        Line(
            "one evaluation, a new batch each time, all totals read", ours, "µs", "≤ 1.0 × the loop", f"{ratio:.2f} ×"
        ),
        loop,
        *stages,
    ]


def asked(batch: int) -> Scenario:
    """The scenario under another batch."""
    return replace(SCENARIO, workload=Workload(batch, PROMPT, OUTPUT))


def read(e: Estimate) -> tuple[float, ...]:
    """Totals of both phases, times and memory."""
    totals = e.prefill.flops, e.prefill.bytes, e.decode.flops, e.decode.bytes, e.memory.total_bytes
    return (e.ttft, e.tpot, e.latency, e.tokens_per_s, *totals)


def in_turn(first: Callable[[], object], second: Callable[[], object]) -> tuple[list[float], list[float]]:
    """Times of two pieces of work, done in turn so that a change of the machine's speed meets both [µs]."""
    taken: tuple[list[float], list[float]] = [], []
    for turn in range(ROUNDS + 200):
        for samples, work in zip(taken, (first, second), strict=True):
            began = time.perf_counter()
            work()
            if turn >= 200:
                samples.append(1e6 * (time.perf_counter() - began))
    return taken


def spent() -> dict[str, list[float]]:
    """Times of the stages of an evaluation, one after the other, each with a new batch [µs]."""
    plan, names = planned(SCENARIO), ("scenario", "passes", "counts", "product, largest and sums", "memory", "reading")
    taken: dict[str, list[float]] = {name: [] for name in names}
    rates, schedule = plan.decode.rates, plan.schedule
    estimate = evaluate(SCENARIO)
    for batch in range(1, ROUNDS):
        marks = [time.perf_counter()]
        scenario = asked(batch)
        planned(scenario)
        marks.append(time.perf_counter())
        generation = stretches(rates.structure, PROMPT + 1, OUTPUT - 1, 1)
        steps = prefill_passes(plan.model, PROMPT, schedule, schedule.in_prefill(batch))
        steps += decode_passes(plan.model, PROMPT, generation.contexts, 1, schedule.in_decode(batch))
        step = stacked(steps)
        marks.append(time.perf_counter())
        values = values_of(step, rates.structure.counts)
        marks.append(time.perf_counter())
        parts = Part("prefill", [1], 1), Part("decode", generation.shares, OUTPUT - 1, is_generation=True)
        phases(rates, values, parts)
        marks.append(time.perf_counter())
        memory(plan, batch, sequence(plan, PROMPT, OUTPUT))
        marks.append(time.perf_counter())
        read(estimate)
        marks.append(time.perf_counter())
        estimate = evaluate(scenario)
        for name, began, ended in zip(names, marks, marks[1:], strict=False):
            taken[name].append(1e6 * (ended - began))
    return taken
