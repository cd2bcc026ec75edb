"""Latent attention: which of its forms a step takes, and that its counts are those of the paper, one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import Conventions, Step, load_model, models
from llm_roofline.operators import LatentAttention
from llm_roofline.operators.cost import NAMES as COLUMNS
from llm_roofline.operators.counts import Absorbed, Rebuilt
from tests.laws.subjects import scenario, structure
from tests.over import over

LATENT = {name: models[name] for name in models.names() if "kv_lora_rank" in str(models[name].config)}
every_latent = over("model", LATENT)
AS_COMMON = replace(Conventions.standard, latent_cache=False)
ROWS = ("kv_b_proj", "attention")
MULTIPLY_ADD, SOFTMAX = 2, 5


@dataclass(frozen=True)
class Sizes:
    """Plain dimensions [1]; with a selection of None a query sees everything before it."""

    heads: int
    nope: int
    rotated: int
    value: int
    latent: int
    selected: int | None = None


def model_of(m):
    """One layer of DeepSeek-V2, or of V3.2 where keys are selected."""
    config = {
        "model_type": "deepseek_v2" if m.selected is None else "deepseek_v32",
        "hidden_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": m.heads,
        "qk_nope_head_dim": m.nope,
        "qk_rope_head_dim": m.rotated,
        "v_head_dim": m.value,
        "kv_lora_rank": m.latent,
        "q_lora_rank": 4,
        "intermediate_size": 8,
        "first_k_dense_replace": 1,
        "moe_intermediate_size": 8,
        "n_routed_experts": 2,
        "num_experts_per_tok": 1,
        "vocab_size": 10,
    }
    if m.selected is not None:
        config |= {"index_n_heads": 2, "index_head_dim": m.rotated, "index_topk": m.selected}
    return load_model(config)


def rebuilt(m, batch, query, context):
    """The paper's attention, equations 9 to 19 of arXiv 2405.04434: keys and values of every token from its latent."""
    count = Counter()
    for _ in range(batch):
        for _ in range(context):
            count["kv_read"] += m.latent + m.rotated
            for _ in range(m.heads):
                for _ in range(m.nope + m.value):
                    count["matrix"] += MULTIPLY_ADD * m.latent
                    count["out"] += 1
                    count["in"] += 1
        for position in range(context - query, context):
            for _ in range(m.heads):
                count["in"] += m.nope + m.rotated
                count["out"] += m.value
                for _ in range(position + 1):
                    count["matrix"] += MULTIPLY_ADD * (m.nope + m.rotated + m.value)
                    count["vector"] += SOFTMAX
    return count


def absorbed(m, batch, query, context):
    """The same products in the other order: the query goes to the latents, and their sum comes back (section 2.1.2)."""
    count = Counter()
    for _ in range(batch):
        seen = context if m.selected is None else min(context, query * m.selected)
        for _ in range(seen):
            count["kv_read"] += m.latent + m.rotated
        for position in range(context - query, context):
            for _ in range(m.heads):
                count["matrix"] += MULTIPLY_ADD * m.nope * m.latent  # the query, as wide as a latent
                count["in"] += m.nope
                count["out"] += m.latent
                count["in"] += m.latent + m.rotated
                count["out"] += m.latent
                for _ in range(position + 1 if m.selected is None else min(position + 1, m.selected)):
                    count["matrix"] += MULTIPLY_ADD * (m.latent + m.rotated + m.latent)
                    count["vector"] += SOFTMAX
                count["matrix"] += MULTIPLY_ADD * m.latent * m.value  # the sum of latents, as wide as a value
                count["in"] += m.latent
                count["out"] += m.value
    return count


def ours(m, batch, query, context):
    """What the core counts of the projection from the latent and of attention."""
    compiled = structure(scenario(model_of(m)))
    rows = [i for i, name in enumerate(compiled.names) if name in ROWS]
    assert len(rows) == len(ROWS)
    counts = dict(zip(COLUMNS, compiled.columns(Step(batch, query, context))[:, rows].sum(axis=1), strict=True))
    assert counts.pop("weight_read") == m.heads * (m.nope + m.value) * m.latent  # once
    names = {"matrix": "matrix_flops", "vector": "vector_flops", "in": "activation_read", "out": "activation_write"}
    found = {name: counts.pop(column) for name, column in names.items()} | {"kv_read": counts.pop("kv_read")}
    assert not any(counts.values())
    return found


sizes = st.builds(
    Sizes,
    heads=st.integers(1, 3),
    nope=st.integers(1, 5),
    rotated=st.integers(1, 3),
    value=st.integers(1, 5),
    latent=st.integers(1, 12),
    selected=st.none() | st.integers(1, 6),
)


@given(sizes, st.integers(1, 3), st.integers(1, 7), st.integers(0, 9))
def test_a_step_takes_the_form_with_fewer_flops_and_costs_what_its_products_add_up_to(m, batch, query, past):
    forms = [absorbed(m, batch, query, past + query), rebuilt(m, batch, query, past + query)]
    assert ours(m, batch, query, past + query) == min(forms, key=lambda count: count["matrix"])


def taken(model, step):
    """Forms that a step takes."""
    compiled = structure(scenario(model))
    values = compiled.columns(step)
    rows = [i for i, kind in enumerate(compiled.kinds) if kind == "attention"]
    assert (values[0, rows] > 0).all()
    features = zip(compiled.counts, np.atleast_1d([f.of(step.arrays) for f in compiled.counts]), strict=True)
    return {type(feature) for feature, value in features if isinstance(feature, Absorbed | Rebuilt) and value}


@every_latent
def test_decode_absorbs_and_a_prompt_rebuilds(model):
    for context in (2, 100, 4096, 100_000):
        assert taken(model, Step(3, 1, context)) == {Absorbed}
    for prompt in (1, 100, 2048):
        assert taken(model, Step(3, prompt, prompt)) == {Rebuilt}
    assert taken(model, Step(1, 16, 10_000)) == {Absorbed}


@every_latent
def test_the_cache_keeps_a_latent_and_a_rotated_key_of_a_token_and_layer(model):
    config = model.config.get("text_config", model.config)
    kept = [
        (block.layers, operator.kept) for block, operator in model.operators() if isinstance(operator, LatentAttention)
    ]
    elements = config["kv_lora_rank"] + config["qk_rope_head_dim"]
    assert all(list(terms["kv_cache"].values()) == [elements] for _, terms in kept)
    stated = config.get("linear_attn_config")
    layers = len(stated["full_attn_layers"]) if stated else config["num_hidden_layers"]
    assert sum(number for number, _ in kept) == layers


def columns(model, at, conventions):
    """Counts of attention under a convention, one layer."""
    compiled = structure(scenario(model, conventions=conventions))
    return compiled.columns(at)[:, list(compiled.names).index("attention")]


@pytest.mark.parametrize("at", [Step(2, 30, 30), Step(2, 1, 30), Step(2, 8, 30)], ids=["prefill", "decode", "chunk"])
def test_with_keys_and_values_in_the_cache_it_is_common_attention(at):
    m = Sizes(heads=4, nope=6, rotated=2, value=8, latent=5)
    common = load_model(
        {
            "model_type": "llama",
            "hidden_size": 8,
            "num_hidden_layers": 1,
            "num_attention_heads": m.heads,
            "head_dim": m.nope + m.rotated,
            "intermediate_size": 8,
            "vocab_size": 10,
        }
    )
    assert np.array_equal(columns(model_of(m), at, AS_COMMON), columns(common, at, AS_COMMON))


@every_latent
def test_with_keys_and_values_in_the_cache_a_prefill_is_the_sum_of_its_decode_steps(model):
    compiled = structure(scenario(model, conventions=AS_COMMON))
    rows = [kind != "head" for kind in compiled.kinds]
    prefill = compiled.columns(Step(3, 300, 300))[:2, rows]
    steps = compiled.columns(Step(3, 1, np.arange(1, 301)))[:2, rows].sum(axis=-1)
    assert np.array_equal(prefill, steps)


@every_latent
def test_with_keys_and_values_in_the_cache_a_token_writes_what_a_decode_step_reads_of_it(model):
    compiled = structure(scenario(model, conventions=AS_COMMON))
    written = compiled.columns(Step(1, 1, 50))[COLUMNS.index("kv_write")] @ compiled.layers
    read = compiled.columns(Step(1, 1, np.array([50, 51])))[COLUMNS.index("kv_read")].T @ compiled.layers
    assert written == read[1] - read[0]
