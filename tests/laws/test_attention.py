"""Attention: shared heads, windows, FlashAttention."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from llm_roofline import Conventions, Step, evaluate, evaluate_step, load_model
from llm_roofline.operators import Attention
from llm_roofline.operators.counts import Scores
from tests.laws.subjects import TINY, every_family, every_model, scenario, structure

LLAMA = TINY | {"model_type": "llama"}
STEPS = [Step(2, 40, 40, prompt=True), Step(2, 1, 40), Step(2, 8, 40)]
FLOPS = 2  # the first columns of coefficients; the others are traffic
COLUMNS = ("flops", "bytes", "time", "arithmetic_intensity")
step = pytest.mark.parametrize("step", STEPS, ids=["prefill", "decode", "chunk"])


def columns(model, at, **fields):
    table = evaluate_step(scenario(model, **fields), at).operators
    return {name: getattr(table, name) for name in COLUMNS}


def assert_equal_columns(one, other):
    assert all(np.array_equal(one[name], other[name]) for name in COLUMNS)


@step
def test_shared_heads_that_are_all_their_own_are_multi_head_attention(step):
    stated = load_model(LLAMA | {"num_key_value_heads": LLAMA["num_attention_heads"]})
    unstated = load_model({k: v for k, v in LLAMA.items() if k != "num_key_value_heads"})
    assert_equal_columns(columns(stated, step), columns(unstated, step))


@step
def test_sharing_heads_saves_bytes_and_no_flops_of_attention(step):
    tables = [
        evaluate_step(scenario(load_model(LLAMA | {"num_key_value_heads": k})), step).operators for k in (8, 4, 2, 1)
    ]
    assert len({t["attention"].flops for t in tables}) == 1
    reads = [t.traffic("kv_read_bytes").sum() for t in tables]
    assert [read * shared for read, shared in zip(reads, (1, 2, 4, 8), strict=True)] == [reads[0]] * 4


@pytest.mark.parametrize("conventions", [Conventions.standard, Conventions.paper], ids=["fused", "unfused"])
@pytest.mark.parametrize("window", [40, 41, 10**6])
@step
def test_a_window_as_wide_as_the_context_is_no_window(step, window, conventions):
    mistral = TINY | {"model_type": "mistral"}
    wide, without = (load_model(mistral | {"sliding_window": w}) for w in (window, None))
    assert_equal_columns(columns(wide, step, conventions=conventions), columns(without, step, conventions=conventions))


@step
def test_a_narrower_window_never_costs_more(step):
    tables = [columns(load_model(TINY | {"model_type": "mistral", "sliding_window": w}), step) for w in range(1, 45)]
    for narrow, wide in pairwise(tables):
        assert all((narrow[name] <= wide[name]).all() for name in ("flops", "bytes", "time"))


def test_decode_beyond_a_window_costs_the_same_at_every_context():
    model = load_model(TINY | {"model_type": "mistral", "sliding_window": 16})
    assert_equal_columns(columns(model, Step(1, 1, 16)), columns(model, Step(1, 1, 5000)))


@pytest.mark.parametrize("at", STEPS, ids=["prefill", "decode", "chunk"])
@every_model
def test_flash_attention_keeps_the_flops_and_never_raises_bytes_or_time(model, at):
    fused, parted = (scenario(model).update(flash_attention=on) for on in (True, False))
    one, other = (evaluate_step(s, at) for s in (fused, parted))
    assert one.flops == other.flops
    assert one.bytes <= other.bytes
    assert (one.bytes < other.bytes) == any(isinstance(op, Attention) for _, op in model.operators())
    assert one.time <= other.time


@every_family
def test_flash_attention_never_raises_the_memory_needed(model):
    fused, parted = (evaluate(scenario(model, 4).update(flash_attention=on)).memory for on in (True, False))
    assert fused.activation_bytes <= parted.activation_bytes
    assert fused.kv_cache_bytes == parted.kv_cache_bytes


@every_family
def test_fused_attention_moves_no_scores(model):
    compiled = structure(scenario(model))
    scores = [isinstance(feature, Scores) for feature in compiled.counts]
    assert not compiled.coefficients[FLOPS:, :, scores].any()  # where attention sees both ways, each is work


def test_attention_of_one_query_to_everything_is_causal():
    causal, full = (
        scenario(load_model(LLAMA), conventions=c) for c in (Conventions.standard, Conventions(causal_attention=False))
    )
    assert evaluate_step(causal, Step(1, 1, 99)).flops == evaluate_step(full, Step(1, 1, 99)).flops
