"""Sums close: a prefill is the sum of its decode steps, and of its chunks."""

from __future__ import annotations

import numpy as np
import pytest

from llm_roofline import Conventions, Step
from llm_roofline.operators.cost import NAMES as COLUMNS
from tests.laws.subjects import every_decoder, scenario, structure

AS_COMMON_ATTENTION = Conventions(latent_cache=False)  # latent attention takes whichever of its two forms is cheaper
FLOPS = slice(0, 2)  # matrix and vector
KV_WRITE = COLUMNS.index("kv_write")


def per_token(compiled):
    """Rows that run once a token; the head runs once a step, however many tokens it has."""
    return np.array([kind != "head" for kind in compiled.kinds])


@pytest.mark.parametrize("tokens", [1, 37, 5000])  # 5000 is beyond the windows of all models that have one
@every_decoder
def test_flops_of_prefill_are_the_sum_of_the_decode_steps(model, tokens):
    compiled = structure(scenario(model, conventions=AS_COMMON_ATTENTION))
    prefill = compiled.columns(Step(3, tokens, tokens, prompt=True))[FLOPS]
    steps = compiled.columns(Step(3, 1, np.arange(1, tokens + 1)))[FLOPS].sum(axis=-1)
    rows = per_token(compiled)
    assert np.array_equal(prefill[:, rows], steps[:, rows])
    assert np.array_equal(prefill[:, ~rows] * tokens, steps[:, ~rows])


@pytest.mark.parametrize("chunk", [1, 7, 64, 500])
@every_decoder
def test_flops_and_cache_writes_of_prefill_are_the_sum_of_its_chunks(model, chunk):
    compiled = structure(scenario(model, conventions=AS_COMMON_ATTENTION))
    tokens, rows = 500, per_token(compiled)
    past = np.arange(0, tokens, chunk)
    new = np.minimum(chunk, tokens - past)
    whole = compiled.columns(Step(2, tokens, tokens, prompt=True))
    parts = compiled.columns(Step(2, new, past + new)).sum(axis=-1)
    assert np.array_equal(whole[FLOPS, rows], parts[FLOPS, rows])
    assert np.array_equal(whole[KV_WRITE], parts[KV_WRITE])


@every_decoder
def test_chunks_never_move_fewer_bytes_than_the_whole_prefill(model):
    compiled = structure(scenario(model, conventions=AS_COMMON_ATTENTION))
    whole = compiled.columns(Step(1, 512, 512))[2:]
    parts = compiled.columns(Step(1, 64, np.arange(64, 513, 64)))[2:].sum(axis=-1)
    assert (parts >= whole).all()
