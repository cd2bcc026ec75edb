"""The closed form of a generation equals its decode steps, one after the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import Conventions, Step, evaluate, evaluate_step
from llm_roofline.operators import Attention
from tests.laws.subjects import FAMILIES, H100, SHAPES, decode_steps, device, every_family, every_kind, scenario

COLUMNS = ("flops", "bytes", "matrix_time", "vector_time", "memory_time", "time")


def relative(expected):
    return pytest.approx(expected, rel=1e-12, abs=0)


def mean_step(s):
    """Mean of every column over the decode steps, by evaluating each."""
    tables = [evaluate_step(s, step).operators for step in decode_steps(s)]
    return {column: sum(getattr(t, column) for t in tables) / len(tables) for column in COLUMNS}


def assert_closed_form_is_exact(s):
    ours, theirs = evaluate(s).decode, mean_step(s)
    for column in COLUMNS:
        assert getattr(ours.operators, column) == relative(theirs[column]), column
    assert ours.time == relative(theirs["time"].sum())


@pytest.mark.parametrize("output", [1, 2, 3, 250])
@every_kind
def test_the_mean_decode_step_is_the_mean_of_all_steps(model, output):
    assert_closed_form_is_exact(scenario(model, 4, 20, output))


@pytest.mark.parametrize("conventions", [Conventions.standard, Conventions.paper], ids=["fused", "unfused"])
@pytest.mark.parametrize("shape", ["window", "late window"])
@pytest.mark.parametrize(("prompt", "output"), [(40, 30), (47, 2), (46, 3), (48, 5), (1, 300), (200, 9)])
def test_a_window_may_fill_up_within_the_generation(shape, prompt, output, conventions):
    assert_closed_form_is_exact(scenario(SHAPES[shape], 2, prompt, output, conventions=conventions))


def attention_of(s, step):
    return next(row for row in evaluate_step(s, step).operators if row.name.partition(" ")[0] == "attention")


def crossing_device(model, batch, context):
    """A device on whose ridge attention lies at one context, memory-bound before it and compute-bound after."""
    s = scenario(model, batch)
    attention = attention_of(s, Step(batch, 1, context))
    peak = attention.matrix_time * attention.peak_flops_per_s / attention.memory_time  # both take equally long
    return device(H100.memory_bandwidth, peak, peak)


@every_kind
def test_an_operator_may_cross_the_ridge_within_the_generation(model):
    if not any(isinstance(op, Attention) for _, op in model.operators()):
        return  # nothing here grows with the context
    s = scenario(model, 8, 16, 300, crossing_device(model, 8, 150))
    sides = {attention_of(s, Step(8, 1, c)).bound for c in (17, 120, 200, 314)}
    if "window" not in model.name:  # a window of 48 keys stops the intensity from growing
        assert sides == {"memory", "compute"}
    assert_closed_form_is_exact(s)


@given(
    name=st.sampled_from(sorted(FAMILIES)),
    batch=st.integers(1, 500),
    prompt=st.integers(1, 300),
    output=st.integers(1, 120),
    bandwidth=st.floats(1e8, 1e14),
    matrix=st.floats(1e9, 1e16),
    vector=st.floats(1e9, 1e16),
    fused=st.booleans(),
)
def test_the_closed_form_holds_on_any_device(name, batch, prompt, output, bandwidth, matrix, vector, fused):
    s = scenario(FAMILIES[name], batch, prompt, output, device(bandwidth, matrix, vector)).update(flash_attention=fused)
    assert_closed_form_is_exact(s)


def test_a_generation_as_long_as_the_context_is_summed_at_once():
    s = scenario(FAMILIES["llama"], 1, 1, 2000)
    assert evaluate(s).decode.steps == 1999
    assert_closed_form_is_exact(s)


@every_family
def test_latency_is_prefill_and_all_decode_steps(model):
    s = scenario(model, 2, 30, 25)
    e = evaluate(s)
    steps = [evaluate_step(s, step).time for step in decode_steps(s)]
    assert len(steps) == 24
    assert e.latency == relative(e.ttft + np.sum(steps))
    assert e.tokens_per_s == relative(2 * 25 / e.latency)


@every_family
def test_one_output_token_costs_the_prefill_alone(model):
    e = evaluate(scenario(model, 2, 30, 1))
    assert e.latency == e.ttft
    assert e.tpot == relative(evaluate_step(e.scenario, decode_steps(e.scenario)[0]).time)
