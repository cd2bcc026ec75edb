"""Dense families: what they refuse, how their layers are grouped, what positions, bounds and rotation cost."""

from __future__ import annotations

import re

import pytest

from llm_roofline import ConfigError, Scenario, Step, Workload, evaluate_step, hardware, load_model, models
from llm_roofline.operators import Attention, Rope, flop

SUPER = models["nvidia/Llama-3_3-Nemotron-Super-49B-v1"]
PAIRS = 2 * 4 * 5 / 2  # of two sequences of four tokens


def changed(name, **changes):
    """A model of the catalogue with some keys set otherwise."""
    return load_model({**models[name].config, **changes})


def searched(**entry):
    """Nemotron-NAS with another first layer."""
    first = {part: {**fields, **entry.get(part, {})} for part, fields in SUPER.config["block_configs"][0].items()}
    return changed(SUPER.name, block_configs=[first, *SUPER.config["block_configs"][1:]])


def groups(model):
    """Layers of each block of layers."""
    return {block.name: block.layers for block in model.blocks if block.is_numbered}


def attention_of(model):
    """Window of attention, and whether it rotates, in each block of layers."""
    return {
        block.name: (row.window, any(isinstance(other, Rope) for other in block.operators))
        for block, row in model.operators()
        if isinstance(row, Attention)
    }


def operators(model, step):
    """Operators of a step."""
    return evaluate_step(Scenario(model, hardware["h100-sxm"], Workload(1, 1, 1)), step).operators


def vector_flops(model):
    """Vector FLOP of attention in one layer, for two sequences of four tokens."""
    table = operators(model, Step(2, 4, 4))
    row = next(row for row in table if row.kind == "attention")
    return table.columns[1, row.index]


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        (
            "bigscience/bloom-560m",
            {"apply_residual_connection_post_layernorm": True},
            "'apply_residual_connection_post_layernorm' = True is not supported: no released model has it.",
        ),
        ("mosaicml/mpt-7b", {"attn_config": {"alibi": False}}, "'alibi' = False is not supported"),
        ("mosaicml/mpt-7b", {"attn_config": {"prefix_lm": True}}, "'prefix_lm' = True is not supported"),
        ("mosaicml/mpt-7b", {"attn_config": {"qk_ln": True}}, "'qk_ln' = True is not supported"),
        (
            "google/gemma-3-1b-it",
            {"use_bidirectional_attention": True},
            "'use_bidirectional_attention' = True is not supported: a decoder sees what came before.",
        ),
        (
            "tiiuae/falcon-7b",
            {"num_ln_in_parallel_attn": 2},
            "'num_ln_in_parallel_attn' must be at most 1 here (got 2).",
        ),
        ("tiiuae/falcon-40b", {"num_kv_heads": 3}, "'num_kv_heads' must divide 'num_attention_heads' (got 3 and 128)."),
        (SUPER.name, {"block_configs": None}, "'block_configs' must say what each layer has."),
        (SUPER.name, {"block_configs": [7] * 80}, "'block_configs[0]' must be an object (got 7)."),
        (SUPER.name, {"intermediate_size": 9}, "'intermediate_size' = 9 changes the cost"),
    ],
)
def test_what_a_family_does_not_know_is_refused(name, changes, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        changed(name, **changes)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"ffn": {"ffn_mult": "wide"}}, "config, block_configs[0], ffn: 'ffn_mult' must be a number from 0 to 100"),
        ({"attention": {"window_length": 512}}, "'window_length' = 512 is not supported: no released model has it."),
        (
            {"attention": {"n_heads_in_group": 7}},
            "'n_heads_in_group' must divide 'num_attention_heads' (got 7 and 64).",
        ),
    ],
)
def test_what_a_search_did_not_do_so_far_is_refused(entry, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        searched(**entry)


def test_a_layer_may_lack_attention_or_network_or_have_one_linear_layer_instead():
    before = SUPER.parameters
    hidden, heads = 8192, 2 * 64 * 128 + 2 * 8 * 128
    attention, network = hidden * heads, 3 * hidden * 14336
    without, linear = {"no_op": True}, {"replace_with_linear": True}
    assert searched(attention=without).parameters == before - attention - hidden
    assert searched(ffn=without).parameters == before - network - hidden
    assert searched(attention=without, ffn=without).parameters == before - attention - network - 2 * hidden
    assert searched(attention=linear, ffn=linear).parameters == before - attention - network + 2 * hidden**2
    assert groups(searched(attention=linear, ffn=without))["layers with linear attention, no FFN"] == 1
    for model in (searched(attention=without, ffn=without), searched(attention=linear, ffn=linear)):
        assert operators(model, Step(1, 1, 8)).time.sum() > 0


def test_layers_that_a_search_left_equal_are_one_block():
    found = groups(SUPER)
    assert sum(found.values()) == 80
    assert found["layers with 8 KV heads, FFN 28,672"] == 48
    assert sum(layers for name, layers in found.items() if "no attention" in name) == 31
    assert SUPER.kept["kv_cache"] == dict.fromkeys(SUPER.kept["kv_cache"], 49 * 8 * 2 * 128)


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("google/gemma-2-2b", {}, {"sliding layers": (4096, True), "full layers": (None, True)}),
        ("google/gemma-2-2b", {"sliding_window": None}, {"sliding layers": (None, True), "full layers": (None, True)}),
        ("google/gemma-3-1b-it", {}, {"sliding layers": (512, True), "full layers": (None, True)}),
        ("allenai/OLMo-3-1025-7B", {}, {"sliding layers": (4096, True), "full layers": (None, True)}),
        ("allenai/OLMo-3-1025-7B", {"layer_types": ["full_attention"] * 32}, {"full layers": (None, True)}),
        (
            "CohereForAI/c4ai-command-r7b-12-2024",
            {},
            {"sliding layers": (4096, True), "full layers": (None, False)},
        ),
        ("HuggingFaceTB/SmolLM3-3B", {}, {"RoPE layers": (None, True), "NoPE layers": (None, False)}),
        ("HuggingFaceTB/SmolLM3-3B", {"no_rope_layers": [0] * 36}, {"NoPE layers": (None, False)}),
        (
            "HuggingFaceTB/SmolLM3-3B",
            {"use_sliding_window": True, "sliding_window": 64},
            {"RoPE layers": (None, True), "sliding NoPE layers": (64, False)},
        ),
        (
            "HuggingFaceTB/SmolLM3-3B",
            {"use_sliding_window": True, "sliding_window": 64, "layer_types": ["sliding_attention"] * 36},
            {"sliding RoPE layers": (64, True), "sliding NoPE layers": (64, False)},
        ),
        ("bigcode/starcoder2-3b", {}, {"layers": (4096, True)}),
        ("baichuan-inc/Baichuan2-7B-Base", {}, {"layers": (None, True)}),
        ("baichuan-inc/Baichuan2-13B-Base", {}, {"layers": (None, False)}),
    ],
)
def test_windows_and_positions_are_those_of_the_kind_of_layer(name, changes, expected):
    assert attention_of(changed(name, **changes)) == expected


def test_the_last_of_every_few_layers_sees_all_tokens():
    places = {block.name: block.places for block in models["google/gemma-3-1b-it"].blocks}
    assert places["full layers"] == (5, 11, 17, 23)
    assert places["sliding layers"][:6] == (0, 1, 2, 3, 4, 6)


@pytest.mark.parametrize(
    "name",
    ["bigscience/bloom-560m", "mosaicml/mpt-7b", "baichuan-inc/Baichuan2-13B-Base"],
)
def test_alibi_costs_a_product_and_a_sum_a_score(name):
    heads = next(row.heads for _, row in models[name].operators() if isinstance(row, Attention))
    assert vector_flops(models[name]) == PAIRS * heads * (flop.SOFTMAX + 2)


def test_falcon_has_alibi_or_rotates():
    rotated, biased = models["tiiuae/falcon-7b"], changed("tiiuae/falcon-7b", alibi=True)
    assert (vector_flops(biased) - vector_flops(rotated)) / (PAIRS * 71) == flop.ALIBI
    assert attention_of(biased) == {"layers": (None, False)}
    assert attention_of(rotated) == {"layers": (None, True)}


def test_scores_that_a_tanh_bounds_cost_three_flop_more():
    bounded, free = models["google/gemma-2-2b"], changed("google/gemma-2-2b", attn_logit_softcapping=None)
    assert vector_flops(bounded) - vector_flops(free) == PAIRS * 8 * 3


@pytest.mark.parametrize(
    ("changes", "size"),
    [
        ({}, 32),
        ({"partial_rotary_factor": None}, 40),
        ({"partial_rotary_factor": None, "rope_parameters": {"partial_rotary_factor": 0.25}}, 20),
        ({"rope_parameters": {"rope_theta": 1e4}}, 32),
    ],
)
def test_the_share_of_a_head_that_is_rotated_may_stand_among_the_parameters_of_rope(changes, size):
    rope = next(row for _, row in changed("microsoft/phi-2", **changes).operators() if isinstance(row, Rope))
    assert rope.query_width == rope.key_width == 32 * size


def test_heads_of_mpt_may_share_one_head_of_keys_and_values():
    shared = changed("mosaicml/mpt-7b", attn_config={"attn_type": "multiquery_attention"})
    assert shared.parameters == models["mosaicml/mpt-7b"].parameters - 32 * 2 * 4096 * 31 * 128


def test_one_key_of_internlm_means_other_biases_in_its_third_generation():
    heads = 32 * 128
    first, third = (changed(name, bias=True) for name in ("internlm/internlm-20b", "internlm/internlm3-8b-instruct"))
    assert first.parameters - models["internlm/internlm-20b"].parameters == 60 * 4 * 5120
    added = 48 * (4096 + 2 * 10240 + 4096)
    assert third.parameters - models["internlm/internlm3-8b-instruct"].parameters == added
    both = changed("internlm/internlm3-8b-instruct", bias=True, qkv_bias=True)
    assert both.parameters - third.parameters == 48 * (heads + 2 * 2 * 128)


def test_layers_that_predict_further_tokens_are_left_out():
    mimo = models["XiaomiMiMo/MiMo-7B-Base"]
    assert mimo.config["num_nextn_predict_layers"] == 1
    assert groups(mimo) == {"layers": 36}
