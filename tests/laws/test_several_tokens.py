"""Steps of several tokens: the closed form of a generation equals its passes, one after the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import Conventions, Step, evaluate, evaluate_step, techniques
from llm_roofline.operators import Attention
from llm_roofline.serving.passes import first_context
from tests.laws.subjects import FAMILIES, SHAPES, device, every_kind, scenario
from tests.laws.test_generation import COLUMNS, crossing_device, relative
from tests.laws.test_selection import BLOCK, CHOSEN, TINY


def assert_is_the_mean_of_its_passes(s, query):
    """The decode table against every pass by itself; each begins one token behind the one before."""
    s = s.using(techniques["parallel-decoding"].with_(tokens=query))
    work, first = s.workload, first_context(s.model, s.workload.prompt_tokens)
    contexts = range(first + query, first + query + work.decode_steps)
    passes = Step(work.batch_size, query, 0, source_tokens=work.prompt_tokens if s.model.encoder else 0)
    tables = [evaluate_step(s, passes._replace(context_tokens=context)).operators for context in contexts]
    ours = evaluate(s).decode.operators
    for column in COLUMNS:
        mean = sum(getattr(table, column) for table in tables) / len(tables)
        assert getattr(ours, column) == relative(mean), column


def writes(model):
    return model.paradigm.grows


WRITERS = sorted(name for name, model in FAMILIES.items() if writes(model))


def attends(model):
    return any(isinstance(operator, Attention) for _, operator in model.operators())


@pytest.mark.parametrize("query", [2, 5, 17])
@every_kind
def test_the_mean_pass_is_the_mean_of_all_passes(model, query):
    if writes(model):
        assert_is_the_mean_of_its_passes(scenario(model, 3, 20, 150), query)


@pytest.mark.parametrize("shape", ["window", "late window"])
@pytest.mark.parametrize(("prompt", "output"), [(20, 60), (40, 30), (47, 3), (200, 9)])
def test_a_window_may_fill_up_within_a_pass(shape, prompt, output):
    for query in (2, 9, 60):
        s = scenario(SHAPES[shape], 2, prompt, output)
        assert_is_the_mean_of_its_passes(s, query)


@every_kind
def test_an_operator_may_cross_the_ridge(model):
    if writes(model) and attends(model):
        assert_is_the_mean_of_its_passes(scenario(model, 8, 16, 300, crossing_device(model, 8, 150)), 3)


@pytest.mark.parametrize(
    ("name", "prompt"),
    [
        ("deepseek_v3", 1),
        ("deepseek_v32", 2030),
        ("deepseek_v32", 12_270),
        ("deepseek_v4", 100),
        ("gemma3_text", 500),
        ("gemma3_text", 1010),
        ("llama4", 8170),
        ("minimax_m3", 2020),
    ],
)
def test_windows_selections_chunks_and_latents_change_their_lines_where_they_should(name, prompt):
    for on in (device(1e12, 1e15, 1e13), device(1e13, 1e13, 1e12)):
        assert_is_the_mean_of_its_passes(scenario(FAMILIES[name], 2, prompt, 60, on), 6)


@pytest.mark.parametrize("query", [2, 5, 30])
def test_tokens_of_a_pass_may_select_without_sharing_a_key(query):
    assert_is_the_mean_of_its_passes(scenario(TINY, 2, 1, query * BLOCK * CHOSEN + 40), query)


@given(
    name=st.sampled_from(WRITERS),
    batch=st.integers(1, 200),
    prompt=st.integers(1, 300),
    output=st.integers(2, 80),
    query=st.integers(2, 130),
    bandwidth=st.floats(1e8, 1e14),
    matrix=st.floats(1e9, 1e16),
    vector=st.floats(1e9, 1e16),
    fused=st.booleans(),
)
def test_the_closed_form_holds_on_any_device(name, batch, prompt, output, query, bandwidth, matrix, vector, fused):
    s = scenario(FAMILIES[name], batch, prompt, output, device(bandwidth, matrix, vector))
    assert_is_the_mean_of_its_passes(s.update(flash_attention=fused), query)


def test_one_token_is_the_step_of_old():
    s = scenario(FAMILIES["llama"], 4, 30, 20, conventions=Conventions.paper)
    one = evaluate(s.using(techniques["parallel-decoding"].with_(tokens=1)))
    assert one.tpot == evaluate(s).tpot
