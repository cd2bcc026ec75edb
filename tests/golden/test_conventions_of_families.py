"""Switches of the conventions that one family or another touches: what they change there, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_roofline import Conventions, Precision, Scenario, Step, Workload, evaluate_step, hardware, load_model

H, HEADS, FFN, KV = 64, 4, 256, 1
SIZE = H // HEADS
SHARED = {"hidden_size": H, "num_attention_heads": HEADS, "num_hidden_layers": 3}
OPT = load_model({**SHARED, "model_type": "opt", "ffn_dim": FFN, "vocab_size": 1000}, "opt")
GPT_J = load_model(
    {"model_type": "gptj", "n_embd": H, "n_layer": 3, "n_head": HEADS, "rotary_dim": 8, "vocab_size": 99}, "gpt-j"
)
CHATGLM = load_model(
    {
        "model_type": "chatglm",
        "hidden_size": H,
        "num_attention_heads": HEADS,
        "num_layers": 3,
        "ffn_hidden_size": FFN,
        "padded_vocab_size": 1000,
        "kv_channels": SIZE,
        "multi_query_attention": True,
        "multi_query_group_num": KV,
    },
    "chatglm",
)
DIT = load_model(
    {**SHARED, "model_type": "dit", "num_classes": 10, "in_channels": 4, "patch_size": 2, "sample_size": 16}, "dit"
)
STEP = Step(3, 40, 40, prompt=True)
TOKENS = 3 * 40


def rows(model, **switches):
    """FLOP, and elements of weights, activations and cache, of one layer of every operator, all stored in two bytes."""
    conventions = replace(Conventions.standard, biases=False, **switches)
    s = Scenario(model, hardware["h100-sxm"], Workload(1, 1, 1), Precision(), conventions=conventions)
    table = evaluate_step(s, STEP).operators
    traffic = ("weight_bytes", "activation_read_bytes", "activation_write_bytes", "kv_read_bytes", "kv_write_bytes")
    columns = [table.flops, *(table.traffic(name) / 2 for name in traffic)]
    return {row.name: tuple(column[i] / row.count for column in columns) for i, row in enumerate(table)}


def changed(model, switch):
    """Rows that are there before and after a switch, where they differ."""
    before, after = rows(model), rows(model, **{switch: False})
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    differ = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    return {name: before[name] for name in gone}, {name: after[name] for name in new}, differ


@pytest.mark.parametrize(("model", "up"), [(OPT, "fc1"), (DIT, "mlp.fc1")])
def test_opt_and_dit_have_a_gate_that_no_checkpoint_has(model, up):
    gone, new, differ = changed(model, "stored_networks")
    one = (2 * TOKENS * H * FFN, H * FFN, TOKENS * H, TOKENS * FFN, 0, 0)
    assert (gone, new, differ) == ({up: one}, {f"{up}.gate_proj": one, f"{up}.up_proj": one}, set())
    assert changed(GPT_J, "stored_networks") == changed(CHATGLM, "stored_networks") == ({}, {}, set())


def test_projections_in_one_run_apart_and_each_reads_its_input():
    gone, new, differ = changed(CHATGLM, "fused_projections")
    assert gone.keys() == {"query_key_value", "dense_h_to_4h"}
    assert differ == set()
    width = H + 2 * KV * SIZE
    assert gone["query_key_value"][:3] == (2 * TOKENS * H * width, H * width, TOKENS * H)
    for name, out, cached in (("q_proj", H, 0), ("k_proj", KV * SIZE, SIZE // 2), ("v_proj", KV * SIZE, SIZE)):
        flops, weights, read, written, _, kept = new[f"query_key_value.{name}"]
        assert (flops, weights, read) == (2 * TOKENS * H * out, H * out, TOKENS * H), name
        assert (written, kept) == (TOKENS * (out - cached), TOKENS * cached), name  # RoPE stores half of a key
    gate, up = new["dense_h_to_4h.gate_proj"], new["dense_h_to_4h.up_proj"]
    assert gate == up == (2 * TOKENS * H * FFN, H * FFN, TOKENS * H, TOKENS * FFN, 0, 0)
    for name, parts in (("query_key_value", "qkv"), ("dense_h_to_4h", ("gate", "up"))):
        apart = [new[f"{name}.{part}_proj"] for part in parts]
        sums = [sum(column) for column in zip(*apart, strict=True)]
        assert sums[:2] + sums[3:] == [*gone[name][:2], *gone[name][3:]]
    assert changed(OPT, "fused_projections") == ({}, {}, set())


def test_a_layer_of_two_sums_adds_one_after_the_other():
    gone, new, differ = changed(GPT_J, "joint_add")
    assert (gone, new.keys(), differ) == ({}, {"add.out_proj"}, {"add"})
    one = (TOKENS * H, 0, 2 * TOKENS * H, TOKENS * H, 0, 0)
    assert new["add.out_proj"] == rows(GPT_J, joint_add=False)["add"] == one
    assert rows(GPT_J)["add"] == (2 * TOKENS * H, 0, 3 * TOKENS * H, TOKENS * H, 0, 0)
    assert changed(OPT, "joint_add") == changed(DIT, "joint_add") == ({}, {}, set())


def test_a_diffusion_transformer_without_its_conditioning_has_the_layers_of_a_language_model():
    gone, new, differ = changed(DIT, "conditioning")
    assert new == {}
    assert {"adaLN_modulation.1 (layers)", "norm_final", "linear"} <= gone.keys()
    assert differ == {"norm1", "norm2", "attn_add", "mlp_add"}
    left = rows(DIT, conditioning=False)
    assert left["norm1"] == (7 * TOKENS * H, 0, TOKENS * H, TOKENS * H, 0, 0)
    assert left["mlp_add"] == (TOKENS * H, 0, 2 * TOKENS * H, TOKENS * H, 0, 0)
    assert changed(OPT, "conditioning") == ({}, {}, set())


def test_keys_and_values_that_no_step_reads_again_go_to_a_cache():
    gone, new, differ = changed(DIT, "cache_where_reused")
    assert (gone, new, differ) == ({}, {}, {"attn.qkv", "attention"})
    qkv, attention = (rows(DIT, cache_where_reused=False)[name] for name in ("attn.qkv", "attention"))
    assert qkv[3:] == (TOKENS * H, 0, 2 * TOKENS * H)
    assert attention[2:] == (TOKENS * H, TOKENS * H, 2 * TOKENS * H, 0)
    assert rows(DIT)["attention"][2:] == (3 * TOKENS * H, TOKENS * H, 0, 0)
    assert changed(OPT, "cache_where_reused") == ({}, {}, set())


def test_what_surrounds_the_layers_goes_with_the_embedding():
    gone, new, differ = changed(OPT, "embedding")
    assert (gone.keys(), new, differ) == ({"embed_tokens", "embed_positions", "embed_add"}, {}, set())
