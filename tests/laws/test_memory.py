"""Memory: what is stored, what is alive, and the largest batch that fits."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import (
    Conventions,
    Scenario,
    Step,
    TechniqueError,
    Workload,
    evaluate,
    evaluate_step,
    hardware,
    techniques,
)
from llm_roofline.estimates.planning import planned
from llm_roofline.estimates.sequence import sequence
from llm_roofline.operators import stacked
from llm_roofline.operators.counts import values_of
from llm_roofline.serving import prefill_passes
from tests.laws.subjects import (
    EVERY,
    FAMILIES,
    H100,
    a_few_models,
    every_decoder,
    every_family,
    every_kind,
    every_model,
    scenario,
    structure,
)
from tests.over import over

GPU_MEMORY_UTILIZATION = 0.9  # vLLM's default
CAPACITIES = {device.memory_bytes: device for device in hardware.values()}.values()


def memory(s, batch):
    return evaluate(s.update(batch_size=batch)).memory


def assert_is_exactly_the_largest(s):
    largest = evaluate(s).memory.largest_batch
    if largest:
        assert memory(s, largest).fits
    if largest < 2**40:
        assert not memory(s, largest + 1).fits


@pytest.mark.parametrize("device", ["h100-sxm", "a100-sxm-40gb", "rtx-4090"])
@every_model
def test_the_largest_batch_fits_and_one_more_does_not(model, device):
    for stored in ({}, {"weights": "int4", "kv_cache": "fp8"}):
        assert_is_exactly_the_largest(scenario(model, on=hardware[device], **stored))


@pytest.mark.slow
@over("model", EVERY)
def test_the_largest_batch_is_exact_on_every_device(model):
    for s in (scenario(model, on=device) for device in CAPACITIES):
        assert_is_exactly_the_largest(s)


@pytest.mark.parametrize("name", ["parallel-segments", "pipeline-parallel", "prefix-cache", "chunked-prefill"])
@a_few_models
def test_the_largest_batch_is_exact_however_requests_run(model, name):
    s = scenario(model).using(techniques["data-parallel"]).using(techniques[name])
    try:
        evaluate(s)
    except TechniqueError:
        return  # it does not go with the model, and says why
    assert_is_exactly_the_largest(s)


@given(
    name=st.sampled_from(sorted(FAMILIES)),
    batch=st.integers(1, 10**6),
    nudge=st.integers(-3, 3),
    weights=st.sampled_from(["bf16", "int4", "nvfp4", "int1"]),
    kv_cache=st.sampled_from(["bf16", "int4", "int2", "fp8"]),
)
def test_the_largest_batch_is_exact_on_a_device_that_it_just_fills(name, batch, nudge, weights, kv_cache):
    s = scenario(FAMILIES[name], 1, 100, 20, weights=weights, kv_cache=kv_cache)
    capacity = memory(s, batch).total_bytes / GPU_MEMORY_UTILIZATION
    for _ in range(abs(nudge)):
        capacity = math.nextafter(capacity, math.copysign(math.inf, nudge))
    assert_is_exactly_the_largest(s.update(hardware=H100.with_(memory_bytes=capacity)))


@every_model
def test_fits_says_what_the_numbers_say(model):
    for device in ("h100-sxm", "rtx-4090"):
        m = evaluate(scenario(model, 16, on=hardware[device])).memory
        assert m.total_bytes == m.weight_bytes + m.kv_cache_bytes + m.activation_bytes
        assert m.usable_bytes == GPU_MEMORY_UTILIZATION * m.capacity_bytes
        assert m.fits == (m.total_bytes <= m.usable_bytes) == (m.largest_batch >= 16)


@every_model
def test_weights_do_not_depend_on_the_batch_and_the_rest_grows_in_proportion(model):
    one, seven = (memory(scenario(model), batch) for batch in (1, 7))
    assert seven.weight_bytes == one.weight_bytes
    assert seven.kv_cache_bytes == 7 * one.kv_cache_bytes
    assert seven.activation_bytes == 7 * one.activation_bytes


@every_family
def test_a_longer_generation_never_needs_less(model):
    found = [evaluate(scenario(model, 4, 40, output)).memory for output in (1, 2, 8, 9, 60)]
    assert all(a.kv_cache_bytes <= b.kv_cache_bytes for a, b in pairwise(found))
    assert all(a.largest_batch >= b.largest_batch for a, b in pairwise(found))


@pytest.mark.parametrize("step", [Step(3, 64, 64, prompt=True), Step(3, 1, 64)], ids=["prefill", "decode"])
@pytest.mark.parametrize("conventions", [Conventions.standard, Conventions.paper], ids=["standard", "paper"])
@every_model
def test_the_live_set_lies_between_the_largest_result_and_the_sum_of_all(model, conventions, step):
    s = scenario(model, conventions=conventions)
    results = evaluate_step(s, step).operators.moved[2]  # of one layer
    live = float(np.max(structure(s).live @ results))
    assert results.max() <= live <= results.sum()
    assert live < results.sum()  # something is dropped before the end


@every_family
def test_a_narrower_cache_takes_its_share_of_the_bytes(model):
    wide, narrow = (evaluate(scenario(model, kv_cache=stored)).memory for stored in ("bf16", "fp8"))
    states = 2 * sum(sum(model.kept.get(kind, {}).values()) for kind in ("state", "wide_state"))  # have other formats
    assert wide.kv_cache_bytes - states == 2 * (narrow.kv_cache_bytes - states)


@every_decoder
def test_a_step_reads_the_very_cache_that_memory_holds(model):
    """Of one token: the step that would follow has all P + N tokens in its context. Sparse attention reads a part."""
    e = evaluate(scenario(model, 3, 100, 1))
    read, held = e.decode.operators.traffic("kv_read_bytes").sum(), e.memory.kv_cache_bytes
    assert read == pytest.approx(held, rel=1e-9) or (model.family == "deepseek_v4" and read < held)


@every_kind
def test_the_largest_results_of_chunks_are_those_of_all_passes(model):
    limit, short = model.context_limit or 2**20, techniques["chunked-prefill"]
    if not model.paradigm.grows or model.encoder or model.vision:  # a tower may have larger results still
        return
    for prompt, chunk, fused in ((250, 3, True), (257, 16, False), (7000, 512, False), (7000, 512, True)):
        s = Scenario(model, H100, Workload(1, min(prompt, limit - 9), 9), techniques=[short.with_(chunk=chunk)])
        s = s.update(flash_attention=fused)
        plan, work = planned(s), s.workload
        steps = prefill_passes(model, work.prompt_tokens, plan.schedule, 1)
        alive = plan.prefill.rates.held(values_of(stacked(steps), plan.prefill.structure.counts))[0]
        assert sequence(plan, work.prompt_tokens, work.output_tokens).read == pytest.approx(alive.max(), rel=1e-12)
