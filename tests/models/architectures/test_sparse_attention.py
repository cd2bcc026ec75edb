"""Families with latent, sparse and compressed attention: what they refuse, and how their layers are grouped."""

from __future__ import annotations

import re

import pytest

from llm_roofline import ConfigError, load_model, models

SPARSE = models["MiniMaxAI/MiniMax-M3"].config["sparse_attention_config"]


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        (
            "deepseek-ai/DeepSeek-V3.2",
            {"q_lora_rank": None},
            "'q_lora_rank' must be set in this family: the indexer reads the latent of the queries.",
        ),
        (
            "deepseek-ai/DeepSeek-V3.2",
            {"index_head_dim": 32},
            "'qk_rope_head_dim' must not exceed 'index_head_dim' (got 64 and 32).",
        ),
        (
            "zai-org/GLM-5.2",
            {"indexer_types": None, "index_topk_pattern": "FSSS"},
            "'index_topk_pattern' is not understood; say the same by 'indexer_types'.",
        ),
        (
            "zai-org/GLM-5.2",
            {"indexer_types": ["full"] * 77 + ["half"]},
            "'indexer_types' must consist of full, shared (got 'half').",
        ),
        (
            "MiniMaxAI/MiniMax-M3",
            {"attention_output_gate": True},
            "'attention_output_gate' = True is not supported: attention here has no gate.",
        ),
        (
            "MiniMaxAI/MiniMax-M3",
            {"sparse_attention_config": {**SPARSE, "sparse_disable_index_value": [0] * 60}},
            "'sparse_disable_index_value' must be 1 where attention is sparse: no indexer here has values.",
        ),
        ("MiniMaxAI/MiniMax-M3", {"rotary_dim": 256}, "'rotary_dim' must not exceed 'head_dim' (got 256 and 128)."),
        (
            "deepseek-ai/DeepSeek-V4-Flash",
            {"compress_ratios": [0, 2]},
            "'compress_ratios' must hold one of 0, 4, 128 for each of 43 layers (got [0, 2]).",
        ),
        (
            "deepseek-ai/DeepSeek-V4-Flash",
            {"o_groups": 7},
            "'o_groups' must divide 'num_attention_heads' (got 7 and 64).",
        ),
    ],
)
def test_what_a_family_does_not_know_is_refused(name, changes, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        load_model({**models[name].config, **changes})


def test_layers_that_share_a_selection_are_named_by_a_list_or_by_how_often_one_has_an_indexer():
    model = models["zai-org/GLM-5.2"]
    assert {block.name: block.places[:4] for block in model.blocks if block.is_numbered} == {
        "dense layers": (0, 1, 2),
        "index-sharing expert layers": (3, 4, 5, 7),
        "expert layers": (6, 10, 14, 18),
    }
    assert load_model({**model.config, "indexer_types": None}).blocks == model.blocks


def test_dense_layers_are_named_by_a_list_or_by_how_many_come_first():
    model = models["zai-org/GLM-5.2"]
    assert load_model({**model.config, "mlp_layer_types": None}).blocks == model.blocks
