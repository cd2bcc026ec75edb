"""Every switch of the conventions changes exactly what its description says, from either side."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from llm_roofline import Conventions, Precision, Scenario, Step, Workload, evaluate_step, hardware, load_model
from tests.over import over

# One layer with everything that a switch touches: few KV heads, biases, norms of queries and keys, RMSNorm, SiLU.
MODEL = load_model(
    {
        "model_type": "qwen3",
        "hidden_size": 64,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 32,
        "intermediate_size": 96,
        "vocab_size": 1000,
        "attention_bias": True,
    }
)
# Every storage kind has a format of its own that is not 16 bit, so that a switch of formats shows.
STORED = Precision(weights="int4", activations="int8", kv_cache="int8", head="bf16")
STEPS = {"prefill": Step(3, 40, 40, prompt=True), "decode": Step(3, 1, 40)}  # more queries than a head has elements
COLUMNS = ("weight_bytes", "activation_read_bytes", "activation_write_bytes", "kv_read_bytes", "kv_write_bytes")

QKVO = "q_proj k_proj v_proj o_proj"
LINEAR = f"{QKVO} gate_proj up_proj down_proj"
BLOCK_NORMS = "input_layernorm post_attention_layernorm"
NORMS = f"{BLOCK_NORMS} norm q_norm k_norm"
ADDS = "attn_add mlp_add"

OF_FAMILIES = ("conditioning", "cache_where_reused", "fused_projections", "joint_add", "stored_networks")

# What changes when a switch of the standard is set to the paper's side: column to operators. An operator that only
# one side has stands under "rows".
FROM_STANDARD = {
    "fused_attention": {
        "rows": "qk_matmul softmax",
        "matrix": "attention",
        "vector": "attention",
        "activation_read_bytes": "attention",
        "kv_read_bytes": "attention",
        "vector lanes": "attention",
    },
    "fused_output": {"activation_write_bytes": "attention"},
    "fused_reading": {"kv_read_bytes": "attention"},
    "fused_kv_heads": {"kv_read_bytes": "attention"},
    "causal_attention": {"matrix": "attention", "vector": "attention"},
    "embedding": {"rows": "embed_tokens"},
    "rope": {"rows": "rotary_emb", "activation_write_bytes": "k_proj", "kv_write_bytes": "k_proj"},
    "final_norm": {"rows": "norm"},
    "qk_norm": {"rows": "q_norm k_norm"},
    "biases": {"matrix": QKVO, "weight_bytes": QKVO},
    "norm_weights": {"weight_bytes": NORMS},
    "norm_by_kind": {"vector": NORMS},
    "add_reads_both": {"activation_read_bytes": ADDS},
    "activation_on_ffn": {
        "vector": "act_fn",
        "activation_read_bytes": "act_fn",
        "activation_write_bytes": "act_fn",
    },
    "head_multiply_add": {"matrix": "lm_head"},
    "head_rows": {"activation_read_bytes": "lm_head", "activation_write_bytes": "lm_head"},
    "head_precision": {"weight_bytes": "embed_tokens lm_head"},
    "wide_intermediates": {
        "weight_bytes": f"{QKVO} {NORMS}",
        "activation_read_bytes": f"{BLOCK_NORMS} norm q_norm k_norm rotary_emb {ADDS} act_fn lm_head",
        "activation_write_bytes": "embed_tokens q_proj k_proj q_norm k_norm o_proj gate_proj up_proj down_proj "
        f"{ADDS} norm lm_head",
    },
    "group_scales": {"weight_bytes": LINEAR},
    "query_heads": {},  # fused attention reads all
    "latent_cache": {},  # this model has no latent attention; tests/laws/test_latent.py has
    **{key: {} for key in OF_FAMILIES},  # other families have what these touch: test_conventions_of_families.py
    "vector_roof": {
        "format": f"embed_tokens {NORMS} rotary_emb {ADDS} act_fn",
        "vector lanes": f"{NORMS} rotary_emb {ADDS} act_fn attention",
    },
    "peak_by_operator": {"format": "lm_head"},
    "whole_memory": {},  # no operator changes; test_paper_figures.py has the memory
    "output_memory": {},
}
# The same from the paper's side, where it is another set because operators are missing or parted.
FROM_PAPER = FROM_STANDARD | {
    "fused_attention": {
        **{k: v for k, v in FROM_STANDARD["fused_attention"].items() if k != "vector lanes"},
        "activation_write_bytes": "attention",  # as many results as scores
    },
    **{key: {} for key in ("fused_output", "fused_reading", "fused_kv_heads")},  # nothing is fused there
    "causal_attention": {"matrix": "qk_matmul attention", "vector": "softmax"},
    "norm_weights": {"weight_bytes": BLOCK_NORMS},
    "norm_by_kind": {"vector": BLOCK_NORMS},
    "head_precision": {"weight_bytes": "lm_head"},
    "wide_intermediates": {
        "activation_read_bytes": f"{BLOCK_NORMS} softmax {ADDS} act_fn lm_head",
        "activation_write_bytes": f"o_proj gate_proj up_proj down_proj qk_matmul {ADDS} lm_head q_proj",
    },
    "group_scales": {"weight_bytes": f"{LINEAR} lm_head"},
    "query_heads": {"activation_read_bytes": "qk_matmul"},
    "vector_roof": {
        "format": f"{BLOCK_NORMS} {ADDS} softmax act_fn",
        "vector lanes": f"{BLOCK_NORMS} {ADDS} softmax act_fn",
    },
    "peak_by_operator": {"format": f"{BLOCK_NORMS} {ADDS} softmax act_fn"},
}
# One query sees everything and is one block, so decode does not know the difference; the query's heads are a fault of
# prefill.
ONLY_IN_PREFILL = {"causal_attention", "query_heads", "fused_reading"}
SWITCHES = [field.name for field in fields(Conventions)]
every_switch = over("switch", SWITCHES)
STANDARD, PAPER = Conventions.standard, Conventions.paper


def columns(conventions, step):
    """Every column that a switch may touch: name to operator to value."""
    scenario = Scenario(MODEL, hardware["h100-sxm"], Workload(1, 1, 1), STORED, conventions=conventions)
    table = evaluate_step(scenario, step).operators
    found = {name: table.traffic(name) for name in COLUMNS}
    found |= {"matrix": table.columns[0], "vector": table.columns[1]}
    found |= {"format": table.compute_format, "vector lanes": table.vector_time > 0, "rows": table.name}
    return {column: dict(zip(table.name, values, strict=True)) for column, values in found.items()}


def changes(base, switch, step):
    """Operators whose value changes with a switch, by column; a missing row is told once, under "rows"."""
    before, after = (columns(c, step) for c in (base, replace(base, **{switch: not getattr(base, switch)})))
    found = {"rows": set(before["rows"]) ^ set(after["rows"])}
    both = before["rows"].keys() & after["rows"].keys()
    for column in before.keys() - {"rows"}:
        found[column] = {name for name in both if before[column][name] != after[column][name]}
    return {column: names for column, names in found.items() if names}


def expected(table, switch, phase):
    if phase == "decode" and switch in ONLY_IN_PREFILL:
        return {}
    return {column: set(names.split()) for column, names in table[switch].items()}


def test_the_table_has_every_switch():
    assert sorted(FROM_STANDARD) == sorted(SWITCHES)


@pytest.mark.parametrize("phase", STEPS)
@every_switch
def test_a_switch_off_the_standard_changes_what_it_says_and_nothing_else(switch, phase):
    assert changes(STANDARD, switch, STEPS[phase]) == expected(FROM_STANDARD, switch, phase)


@pytest.mark.parametrize("phase", STEPS)
@every_switch
def test_a_switch_off_the_paper_changes_what_it_says_and_nothing_else(switch, phase):
    assert changes(PAPER, switch, STEPS[phase]) == expected(FROM_PAPER, switch, phase)


def test_the_paper_differs_from_the_standard_in_every_switch():
    assert STANDARD.differences() == {}
    assert PAPER.differences() == dict.fromkeys(SWITCHES, False)


def test_every_switch_is_named_in_the_description():
    assert [switch for switch in SWITCHES if switch not in (Conventions.__doc__ or "")] == []
