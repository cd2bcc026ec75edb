"""A configuration of a draft is read as what it is: its layers count, what it shares with the other model does not."""

from __future__ import annotations

import re

import pytest

from llm_roofline import ConfigError, Scenario, evaluate, hardware, load_model
from llm_roofline.models.checkpoint import StoredTensor, matched

H, HEADS, KV, SIZE, FFN, VOCABULARY = 256, 8, 2, 32, 512, 5000
LLAMA = {
    "model_type": "llama",
    "hidden_size": H,
    "num_hidden_layers": 1,
    "num_attention_heads": HEADS,
    "num_key_value_heads": KV,
    "intermediate_size": FFN,
    "vocab_size": VOCABULARY,
    "max_position_embeddings": 4096,
    "tie_word_embeddings": False,
}
QWEN = LLAMA | {"model_type": "qwen3", "head_dim": SIZE}
MIXTURE = QWEN | {
    "model_type": "qwen3_moe",
    "num_experts": 4,
    "num_experts_per_tok": 2,
    "moe_intermediate_size": 64,
    "norm_topk_prob": True,
}
OUT, NETWORK = HEADS * SIZE * H, 3 * H * FFN


def projections(width):
    """Queries, keys and values of features so wide."""
    return width * (HEADS + 2 * KV) * SIZE


LAYER = projections(H) + OUT + NETWORK + 2 * H
EAGLE_3 = projections(2 * H) + OUT + NETWORK + 3 * H  # one more norm, of the features
HEAD = H + H * VOCABULARY  # the last norm, and the rows
KEY_NORMS = 2 * SIZE
EXPERTS = 4 * (3 * H * 64 + H)  # and a router


def eagle3(name="LlamaForCausalLMEagle3", **more):
    return LLAMA | {"architectures": [name], "draft_vocab_size": 1000} | more


# arXiv 2503.01840, figure 5; 2401.15077, figure 6; 2602.06036, section 4; 2401.10774; 2412.19437, section 2.2
KINDS = {
    "EAGLE-3": (eagle3(), 3 * H * H + EAGLE_3 + H + 1000 * H),
    "EAGLE-3 of Llama's layers for another model": (
        eagle3(model_type="kimi_k2"),
        3 * H * H + EAGLE_3 + H + 1000 * H,
    ),
    "EAGLE-3 by its key alone": (eagle3("LlamaForCausalLM"), 3 * H * H + EAGLE_3 + H + 1000 * H),
    "EAGLE-3 of a whole vocabulary": (eagle3(draft_vocab_size=None), 3 * H * H + EAGLE_3 + HEAD),
    "EAGLE-3 with the other's head": (eagle3(reuse_target_lm_head=True), 3 * H * H + EAGLE_3 + H),
    "EAGLE-3 of a wider model": (eagle3(target_hidden_size=384), 3 * 384 * H + EAGLE_3 + H + 1000 * H),
    "EAGLE-3 of four layers": (
        eagle3(eagle_config={"eagle_aux_hidden_state_layer_ids": [1, 2, 3, 4]}),
        4 * H * H + EAGLE_3 + H + 1000 * H,
    ),
    "EAGLE-3 with a norm": (eagle3(norm_before_fc=True), 3 * H + 3 * H * H + EAGLE_3 + H + 1000 * H),
    "EAGLE-3 with further layers": (
        eagle3("PEagleDraftModel", num_hidden_layers=4),
        3 * H * H + EAGLE_3 + 3 * LAYER + H + 1000 * H,
    ),
    "EAGLE-3 with a window left over": (
        eagle3(sliding_window=512, use_sliding_window=False),
        3 * H * H + EAGLE_3 + H + 1000 * H,
    ),
    "EAGLE-3 of experts": (
        MIXTURE | {"architectures": ["Qwen3MoEForCausalLMEagle3"], "draft_vocab_size": 1000},
        3 * H * H + EAGLE_3 - NETWORK + EXPERTS + KEY_NORMS + H + 1000 * H,
    ),
    "EAGLE-3 of an engine's format": (
        {
            "architectures": ["Eagle3Speculator"],
            "speculators_model_type": "eagle3",
            "draft_vocab_size": 1000,
            "transformer_layer_config": LLAMA,
        },
        3 * H * H + EAGLE_3 + H + 1000 * H,
    ),
    "EAGLE": (LLAMA | {"architectures": ["EagleLlamaForCausalLM"]}, 2 * H * H + LAYER - H),
    "EAGLE with a bias": (
        {"architectures": ["EAGLEModel"], "model_type": "eagle", "eagle_fc_bias": True, "model": LLAMA},
        2 * H * H + H + LAYER - H,
    ),
    "DFlash": (
        QWEN
        | {
            "architectures": ["DFlashDraftModel"],
            "num_hidden_layers": 3,
            "block_size": 16,
            "dflash_config": {"mask_token_id": 7, "target_layer_ids": [1, 9, 17, 25, 33]},
        },
        5 * H * H + H + 3 * (LAYER + KEY_NORMS) + H,
    ),
    "DFlash without a list": (
        QWEN | {"architectures": ["DFlashDraftModel"], "num_hidden_layers": 3},
        3 * H * H + H + 3 * (LAYER + KEY_NORMS) + H,
    ),
    "Medusa": (
        {"architectures": ["MedusaModel"], "model_type": "medusa", "hidden_size": H, "num_heads": 5, "vocab_size": 100},
        5 * (H * H + 100 * H),
    ),
    "Medusa of two layers with biases": (
        {
            "medusa_num_heads": 3,
            "medusa_num_layers": 2,
            "medusa_fc_bias": True,
            "hidden_size": H,
            "vocab_size": VOCABULARY,
        },
        3 * (2 * (H * H + H) + VOCABULARY * H),
    ),
    "MTP": (
        QWEN | {"architectures": ["Qwen3_5MTPDraftModel"], "mtp_config": {"share_lm_head": True}},
        2 * H + 2 * H * H + LAYER + KEY_NORMS + H,
    ),
    "MTP with a head": (
        QWEN | {"architectures": ["Qwen3_5MTPDraftModel"], "mtp_config": {"share_lm_head": False}},
        2 * H + 2 * H * H + LAYER + KEY_NORMS + HEAD,
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_has_the_parameters_of_its_own_layers(kind):
    config, parameters = KINDS[kind]
    model = load_model(config)
    assert model.parameters == parameters
    estimate = evaluate(Scenario(model, hardware["h100-sxm"]))
    assert estimate.notes[0].startswith(f"This is a draft of the kind {kind.partition(' ')[0]}, which guesses tokens")
    assert estimate.memory.weight_bytes == 2 * parameters


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "EAGLE" in kind or "DFlash" in kind])
def test_a_draft_reads_the_table_and_the_head_that_it_does_not_store(kind):
    estimate = evaluate(Scenario(load_model(KINDS[kind][0]), hardware["h100-sxm"]))
    read = dict(zip(estimate.decode.operators.name, estimate.decode.operators.traffic("weight_bytes"), strict=True))
    assert read["embed_tokens"] == 2 * H
    assert read["lm_head"] in {2 * H * VOCABULARY, 2 * H * 1000}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"architectures": ["DSparkDraftModel"]},
            "a kind that is not understood. Understood are Medusa, DFlash, EAGLE-3",
        ),
        (
            {"architectures": ["DFlash2DraftModel"]},
            "'architectures' = ['DFlash2DraftModel'] is a draft model of a kind",
        ),
        (
            {"architectures": ["DFlashDraftModel"], "dflash_config": {"projector_type": "domino"}},
            "'projector_type' of a DFlash draft must be 'dflash' (got 'domino')",
        ),
        (
            {"architectures": ["DFlashDraftModel"], "dflash_config": {"selector_rank": 8}},
            "'selector_rank' = 8 of a DFlash draft is not understood",
        ),
        ({"architectures": ["LlamaForCausalLMEagle3"], "draft_vocab_size": -1}, "'draft_vocab_size' must be a whole"),
        ({"medusa_num_heads": 2, "hidden_size": None}, "'hidden_size' is missing"),
        ({"medusa_num_heads": 1_001}, "heads of a Medusa draft must have at most 1,000 layers in all (got 1,001 x "),
    ],
)
def test_a_draft_that_is_not_understood_says_so(changes, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        load_model(LLAMA | changes)


def test_a_whole_model_of_one_wide_layer_may_be_a_draft_and_says_so():
    wide = LLAMA | {"architectures": ["LlamaForCausalLM"], "hidden_size": 4096}
    assert (
        load_model(wide).notes[0].startswith("A model of one layer: drafts such as EAGLE's may say no more than that")
    )
    assert load_model(wide | {"num_hidden_layers": 2}).notes == load_model(LLAMA).notes == ()


def test_the_tensors_of_a_draft_go_to_its_operators():
    model = load_model(eagle3())
    names = {
        "fc.weight": ("fusion", "fc"),
        "midlayer.hidden_norm.weight": ("layers", "hidden_norm"),
        "midlayer.self_attn.q_proj.weight": ("layers", "q_proj"),
        "midlayer.mlp.up_proj.weight": ("layers", "up_proj"),
        "norm.weight": ("head", "norm"),
        "lm_head.weight": ("head", "lm_head"),
    }
    found = matched(model, [StoredTensor(name, "of any size", (6,), 12) for name in names])
    assert found.unmatched == {}
    assert found.by_operator == dict.fromkeys(names.values(), 12)
