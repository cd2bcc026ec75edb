"""Families with experts: what they refuse, and how their layers are grouped."""

from __future__ import annotations

import re

import pytest

from llm_roofline import ConfigError, load_model, models
from llm_roofline.operators import Attention


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        (
            "mistralai/Mixtral-8x7B-v0.1",
            {"num_experts_per_tok": 9},
            "'num_experts_per_tok' must not exceed 'num_local_experts' (got 9 and 8).",
        ),
        (
            "Qwen/Qwen2-57B-A14B",
            {"use_sliding_window": True},
            "'use_sliding_window' = True is not supported in this family: no model has it.",
        ),
        (
            "baidu/ERNIE-4.5-21B-A3B-Base-PT",
            {"use_bias": True},
            "'use_bias' = True is not supported in this family: no model has it.",
        ),
        (
            "stepfun-ai/Step-3.7-Flash",
            {"mlp_bias": True},
            "'mlp_bias' = True is not supported: networks here have no biases.",
        ),
        (
            "tencent/Hunyuan-A13B-Instruct",
            {"use_cla": True},
            "'use_cla' = True is not supported: every layer here has keys and values of its own.",
        ),
        ("XiaomiMiMo/MiMo-V2-Flash", {"hybrid_layer_pattern": None}, "'hybrid_layer_pattern' is missing."),
    ],
)
def test_what_a_family_does_not_know_is_refused(name, changes, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        load_model({**models[name].config, **changes})


def test_a_list_of_equal_numbers_one_a_layer_is_that_number():
    model = models["tencent/Hunyuan-A13B-Instruct"]
    listed = {key: [model.config[key]] * 32 for key in ("moe_topk", "moe_intermediate_size", "num_shared_expert")}
    assert load_model({**model.config, **listed}).blocks == model.blocks
    with pytest.raises(ConfigError, match="'moe_topk' must be a whole number"):
        load_model({**model.config, "moe_topk": [8] * 31 + [4]})


def test_equal_layers_are_one_block_wherever_they_stand():
    blocks = {b.name: b for b in models["meta-llama/Llama-4-Maverick-17B-128E-Instruct"].blocks if b.is_numbered}
    assert {name: block.places[:3] for name, block in blocks.items()} == {
        "chunked dense layers": (0, 2, 4),
        "chunked expert layers": (1, 5, 9),
        "full expert layers": (3, 7, 11),
    }


def test_layers_without_positions_see_all_tokens_and_the_others_their_chunk():
    seen = {}
    for block, operator in models["meta-llama/Llama-4-Scout-17B-16E-Instruct"].operators():
        if isinstance(operator, Attention):
            seen[block.name] = operator.window, any(row.name == "rotary_emb" for row in block.operators)
    assert seen == {"chunked layers": (8192, True), "full layers": (None, False)}


def test_keys_that_serve_as_values_have_no_projection_for_them():
    for block in models["google/gemma-4-26B-A4B"].blocks:
        if block.is_numbered:
            names = {row.name for row in block.operators}
            assert ("v_proj" in names) == (block.name == "sliding layers")
            assert "v_norm" in names
