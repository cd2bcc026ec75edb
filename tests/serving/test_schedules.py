"""Schedules: each does the work that is asked for, b P prompt tokens and b (N - 1) decode steps, from N = 1 up."""

from __future__ import annotations

from itertools import product

import pytest

from llm_roofline import Scenario, Workload, evaluate, hardware, models, techniques
from llm_roofline.models import Requests
from llm_roofline.operators.counts import TOKENS
from llm_roofline.serving import Chunked, Continuous, PassTimes, Schedule, beside
from tests.over import over
from tests.techniques.arithmetic import exact

LLAMA, H100, PROMPT = models["llama-3.1-8b"], hardware["h100-sxm"], 1500
ALONE = {name: techniques[name] for name in ("static-batching", "continuous-batching", "disaggregation")}
SERVING = {"static": None, **ALONE} | {
    f"chunks of {chunk}": techniques["chunked-prefill"].with_(chunk=chunk) for chunk in (100, 512, 2000)
}
COMPANY = {"alone": None} | {
    name: techniques[name]
    for name in (
        "data-parallel",
        "parallel-segments",
        "pipeline-parallel",
        "prefix-cache",
        "prompt-lookup",
        "speculative-decoding",
    )
}
BATCHES, OUTPUTS = (1, 2, 7, 64, 256), (1, 2, 3, 16, 200)


def served(batch, output, *chosen):
    """Estimate under some techniques, those that are None left out."""
    work = Workload(batch, PROMPT, output)
    return evaluate(Scenario(LLAMA, H100, work, techniques=tuple(t for t in chosen if t)))


def tokens(e):
    """Tokens of the passes of a prefill, those of a decode step beside it among them."""
    values, _, shares = e.prefill.passes
    return float((values[e.prefill.rates.structure.counts.index(TOKENS)] * shares).sum())


@over("company", COMPANY)
@pytest.mark.parametrize("serving", SERVING.values(), ids=SERVING)
def test_every_schedule_reads_every_prompt_and_runs_every_decode_step_once(serving, company):
    for batch, output in product(BATCHES, OUTPUTS):
        e = served(batch, output, serving, company)
        schedule, times, (_, iteration, steps, transfer, *_) = e.plan.schedule, e.times, e.pass_times
        parts = min(schedule.segments, max(output - 1, 1))
        assert steps == exact(-(-(output - 1) // parts) / schedule.tokens_per_step)
        prompts = schedule.in_prefill(batch) * (PROMPT - schedule.cached_tokens)
        mixed = (tokens(e) - prompts) / (schedule.query_tokens * parts)  # decode steps beside a prompt
        chunks = schedule.chunks(PROMPT)
        assert mixed == pytest.approx(min(steps, chunks * (schedule.in_pass(batch) - 1)) * schedule.mixed)
        own = times.latency - times.ttft
        if schedule.mixed:
            slowest = max(e.pass_times.chunks) + e.pass_times.drafts
            assert (steps - mixed) * iteration <= own * (1 + 1e-12)
            assert own <= (mixed * slowest + (steps - mixed) * iteration) * (1 + 1e-12)
        elif not isinstance(schedule.serving, Continuous):
            assert own == exact(steps * iteration + (transfer if output > 1 else 0.0))
        if schedule.stages == 1:
            cycle = schedule.on_replica(batch) / schedule.in_prefill(batch) * times.ttft + (steps - mixed) * iteration
            if serving not in {SERVING["static-batching"], SERVING["disaggregation"]}:
                assert times.tokens_per_s == exact(batch * output / cycle)


@over("company", COMPANY)
@pytest.mark.parametrize("serving", SERVING.values(), ids=SERVING)
def test_of_one_token_nobody_waits_for_more_than_the_first(serving, company):
    for batch in BATCHES:
        e = served(batch, 1, serving, company)
        assert e.latency == e.ttft
        assert e.tpot == exact(e.iteration_time / e.plan.schedule.tokens_per_step)


@over("company", COMPANY)
@pytest.mark.parametrize("serving", SERVING.values(), ids=SERVING)
def test_a_longer_output_is_never_there_sooner(serving, company):
    latencies = [served(64, output, serving, company).latency for output in OUTPUTS]
    assert latencies == sorted(latencies)


def stopped(slots, steps, prefill, iteration):
    """Mean latency and requests a second of an engine that reads prompts as slots are free, then decodes in all."""
    now, left, began = 0.0, [1 + slot * steps // slots for slot in range(slots)], [0.0] * slots
    ends, latencies = [], []
    for _ in range(4 * steps):
        for slot in [slot for slot in range(slots) if not left[slot]]:
            began[slot], left[slot] = now, steps
            now += prefill
        now += iteration
        left = [n - 1 for n in left]
        latencies.append([now - start for n, start in zip(left, began, strict=True) if not n])
        ends.append(now)
    last = [own for some in latencies[-steps:] for own in some]
    return sum(last) / len(last), len(last) / (ends[-1] - ends[-steps - 1])


def chunked(slots, steps, chunks, iteration):
    """Mean latency, requests a second, and who decodes beside each chunk, of which each takes its time."""
    now, left, reading, began = 0.0, [0] * slots, None, [0.0] * slots
    beside_chunk, ends = [[] for _ in chunks], []
    while len(ends) < 6 * slots + 4 * steps:
        free = [slot for slot in range(slots) if not left[slot]]
        if reading is None and free:
            reading, place = free[0], 0
            began[reading] = now
        decoding = [slot for slot in range(slots) if left[slot]]
        now += iteration if reading is None else chunks[place]
        for slot in decoding:
            left[slot] -= 1
            if not left[slot]:
                ends.append((now, now - began[slot]))
        if reading is not None:
            beside_chunk[place].append(len(decoding))
            place += 1
            if place == len(chunks):
                left[reading], reading = steps, None
    (first, _), *last = ends[-2 * slots - 1 :]
    rate = len(last) / (last[-1][0] - first)
    return sum(own for _, own in last) / len(last), rate, [some[-1] for some in beside_chunk]


@pytest.mark.parametrize(("slots", "steps"), [(1, 5), (4, 4), (4, 40), (12, 4), (12, 1), (60, 20), (8, 7 * 8)])
def test_a_request_is_stopped_by_as_many_prefills_as_in_a_simulated_engine(slots, steps):
    prefill, iteration = 3.0, 0.7
    times = Continuous().times(PassTimes(prefill, iteration, steps), Requests(slots, 9, steps + 1), Schedule())
    latency, rate = stopped(slots, steps, prefill, iteration)
    assert times.latency == pytest.approx(latency)
    assert times.tokens_per_s / (steps + 1) == pytest.approx(rate)


@pytest.mark.parametrize("chunks", [1, 2, 3, 10])
@pytest.mark.parametrize("steps", [1, 2, 3, 7, 40])
@pytest.mark.parametrize("slots", [1, 2, 5, 16])
def test_as_many_decode_beside_each_chunk_as_in_a_simulated_engine(slots, steps, chunks):
    iteration, work = 0.7, Requests(slots, chunks, steps + 1)
    schedule = Schedule(chunk_tokens=1, prefill_alone=True, mixed=True)
    each = [2.0 + place / 8 for place in range(chunks)]
    latency, rate, others = chunked(slots, steps, each, iteration)
    assert beside(schedule, work, steps) == others
    times = Chunked().times(PassTimes(sum(each), iteration, steps, chunks=tuple(each)), work, schedule)
    assert times.latency == pytest.approx(latency)
    assert times.tokens_per_s / (steps + 1) == pytest.approx(rate)
