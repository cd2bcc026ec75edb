"""Layers that predict further tokens have the tensors that published checkpoints have of them."""

from __future__ import annotations

from math import prod

import pytest

from llm_roofline import load_model, models
from llm_roofline.models.checkpoint import StoredTensor, matched

H = 4096
V4_FLASH = {
    "attn.attn_sink": (64,),
    "attn.kv_norm.weight": (512,),
    "attn.q_norm.weight": (1024,),
    "attn.wkv.weight": (512, H),
    "attn.wo_a.weight": (8192, H),
    "attn.wo_b.weight": (H, 8192),
    "attn.wq_a.weight": (1024, H),
    "attn.wq_b.weight": (32768, 1024),
    "attn_norm.weight": (H,),
    "e_proj.weight": (H, H),
    "enorm.weight": (H,),
    **{f"ffn.experts.{i}.{name}.weight": (2048, H) for i in range(256) for name in ("w1", "w3")},
    **{f"ffn.experts.{i}.w2.weight": (H, 2048) for i in range(256)},
    "ffn.gate.weight": (256, H),
    "ffn.shared_experts.w1.weight": (2048, H),
    "ffn.shared_experts.w2.weight": (H, 2048),
    "ffn.shared_experts.w3.weight": (2048, H),
    "ffn_norm.weight": (H,),
    "h_proj.weight": (H, H),
    "hc_attn_base": (24,),
    "hc_attn_fn": (24, 16384),
    "hc_attn_scale": (3,),
    "hc_ffn_base": (24,),
    "hc_ffn_fn": (24, 16384),
    "hc_ffn_scale": (3,),
    "hc_head_base": (4,),
    "hc_head_fn": (4, 16384),
    "hc_head_scale": (1,),
    "hnorm.weight": (H,),
    "norm.weight": (H,),
}
"""Of ``mtp.0`` in model-00046-of-00046.safetensors of deepseek-ai/DeepSeek-V4-Flash, experts unpacked; the bias of the
router is a buffer in Transformers and so no parameter here."""
NEMOTRON_3_SUPER = {
    "0.enorm.weight": (H,),
    "0.hnorm.weight": (H,),
    "0.eh_proj.weight": (H, 2 * H),
    "0.norm.weight": (H,),
    "0.mixer.q_proj.weight": (H, H),
    "0.mixer.k_proj.weight": (256, H),
    "0.mixer.v_proj.weight": (256, H),
    "0.mixer.o_proj.weight": (H, H),
    "1.norm.weight": (H,),
    "1.mixer.gate.weight": (512, H),
    "1.mixer.fc1_latent_proj.weight": (1024, H),
    "1.mixer.fc2_latent_proj.weight": (H, 1024),
    **{f"1.mixer.experts.{i}.up_proj.weight": (2688, 1024) for i in range(512)},
    **{f"1.mixer.experts.{i}.down_proj.weight": (1024, 2688) for i in range(512)},
    "1.mixer.shared_experts.up_proj.weight": (5376, H),
    "1.mixer.shared_experts.down_proj.weight": (H, 5376),
    "1.final_layernorm.weight": (H,),
}
"""Of ``mtp.layers`` in nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-BF16: 1,040 tensors with the bias of the router."""
STEP_37 = {
    f"model.layers.{layer}.{name}.weight": shape
    for layer in (45, 46, 47)
    for name, shape in {
        "enorm": (H,),
        "hnorm": (H,),
        "eh_proj": (H, 2 * H),
        "input_layernorm": (H,),
        "self_attn.q_proj": (96 * 128, H),
        "self_attn.k_proj": (8 * 128, H),
        "self_attn.v_proj": (8 * 128, H),
        "self_attn.o_proj": (H, 96 * 128),
        "self_attn.g_proj": (96, H),
        "self_attn.q_norm": (128,),
        "self_attn.k_norm": (128,),
        "post_attention_layernorm": (H,),
        "mlp.gate_proj": (11264, H),
        "mlp.up_proj": (11264, H),
        "mlp.down_proj": (H, 11264),
        "transformer.shared_head.norm": (H,),
    }.items()
}
"""Of stepfun-ai/Step-3.7-Flash; with the table of tokens and three copies of the head these are 5.92 GB at 16 bit."""
ERNIE = {
    "model_type": "ernie4_5_moe",
    "hidden_size": 2560,
    "num_hidden_layers": 28,
    "num_attention_heads": 20,
    "num_key_value_heads": 4,
    "intermediate_size": 12288,
    "moe_intermediate_size": 1536,
    "moe_num_experts": 64,
    "moe_k": 6,
    "moe_num_shared_experts": 2,
    "moe_layer_start_index": 1,
    "moe_layer_end_index": 27,
    "moe_layer_interval": 1,
    "vocab_size": 103424,
    "num_nextn_predict_layers": 1,
    "tie_word_embeddings": True,
}
ERNIE_21B = {
    "mtp_emb_norm.0.weight": (2560,),
    "mtp_hidden_norm.0.weight": (2560,),
    "mtp_linear_proj.0.weight": (2560, 5120),
    "mtp_block.0.input_layernorm.weight": (2560,),
    "mtp_block.0.self_attn.q_proj.weight": (2560, 2560),
    "mtp_block.0.self_attn.k_proj.weight": (512, 2560),
    "mtp_block.0.self_attn.v_proj.weight": (512, 2560),
    "mtp_block.0.self_attn.o_proj.weight": (2560, 2560),
    "mtp_block.0.post_attention_layernorm.weight": (2560,),
    "mtp_block.0.mlp.gate_proj.weight": (12288, 2560),
    "mtp_block.0.mlp.up_proj.weight": (12288, 2560),
    "mtp_block.0.mlp.down_proj.weight": (2560, 12288),
}
"""Of baidu/ERNIE-4.5-21B-A3B-PT, as vLLM's ``ernie_mtp.py`` loads them."""
M3 = {
    f"language_model.model.mtp.layers.{layer}.{name}.weight": shape
    for layer in range(7)
    for name, shape in {
        "enorm": (6144,),
        "hnorm": (6144,),
        "eh_proj": (6144, 2 * 6144),
        "transformer_layer.input_layernorm": (6144,),
        "transformer_layer.self_attn.q_proj": (64 * 128, 6144),
        "transformer_layer.self_attn.k_proj": (4 * 128, 6144),
        "transformer_layer.self_attn.v_proj": (4 * 128, 6144),
        "transformer_layer.self_attn.o_proj": (6144, 64 * 128),
        "transformer_layer.self_attn.q_norm": (128,),
        "transformer_layer.self_attn.k_norm": (128,),
        "transformer_layer.self_attn.index_q_proj": (4 * 128, 6144),
        "transformer_layer.self_attn.index_k_proj": (128, 6144),
        "transformer_layer.self_attn.index_q_norm": (128,),
        "transformer_layer.self_attn.index_k_norm": (128,),
        "transformer_layer.post_attention_layernorm": (6144,),
        "transformer_layer.block_sparse_moe.gate": (128, 6144),
        **{f"transformer_layer.block_sparse_moe.experts.{i}.w1": (3072, 6144) for i in range(128)},
        **{f"transformer_layer.block_sparse_moe.experts.{i}.w2": (6144, 3072) for i in range(128)},
        **{f"transformer_layer.block_sparse_moe.experts.{i}.w3": (3072, 6144) for i in range(128)},
        "transformer_layer.block_sparse_moe.shared_experts.gate_proj": (3072, 6144),
        "transformer_layer.block_sparse_moe.shared_experts.up_proj": (3072, 6144),
        "transformer_layer.block_sparse_moe.shared_experts.down_proj": (6144, 3072),
        "final_layernorm": (6144,),
    }.items()
}
"""Names of MiniMax-M3, as vLLM's ``minimax_m3/nvidia/mtp.py`` loads them."""
PUBLISHED = {
    "deepseek-ai/DeepSeek-V4-Flash": {f"mtp.0.{name}": shape for name, shape in V4_FLASH.items()},
    "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B": {f"mtp.layers.{n}": shape for n, shape in NEMOTRON_3_SUPER.items()},
    "stepfun-ai/Step-3.7-Flash": STEP_37,
    "MiniMaxAI/MiniMax-M3": M3,
}


@pytest.mark.parametrize("name", [*PUBLISHED, "ERNIE"])
def test_layers_that_predict_have_the_tensors_of_published_checkpoints(name):
    tensors = PUBLISHED.get(name) or {f"model.{tensor}": shape for tensor, shape in ERNIE_21B.items()}
    model = load_model(ERNIE) if name == "ERNIE" else models[name]
    assert model.predictor.parameters == sum(map(prod, tensors.values()))
    found = matched(model, [StoredTensor(tensor, "BF16", shape, 2 * prod(shape)) for tensor, shape in tensors.items()])
    assert (found.unmatched, found.by_operator) == ({}, {})
    own = found.towers["predictor"]
    assert [row for row in own.missing if row[1] not in {"embed_tokens", "lm_head"}] == []
    assert sum(own.by_operator.values()) == 2 * model.predictor.parameters


def test_layers_of_step_are_as_its_lists_say_where_those_go_on():
    config = dict(models["stepfun-ai/Step-3.7-Flash"].config)
    longer = config | {"layer_types": [*config["layer_types"], *["full_attention"] * 3]}
    assert load_model(longer).parameters == load_model(config).parameters
    fewer_heads = 3 * 32 * (2 * 128 * H + H)  # queries, output and gates of 64 heads where those of a window have 96
    assert load_model(config).predictor.parameters - load_model(longer).predictor.parameters == fewer_heads


def test_keys_that_say_two_numbers_of_layers_are_doubted():
    config = dict(models["MiniMaxAI/MiniMax-M3"].config)
    assert "'num_mtp_modules' = 7, of which vLLM loads as many; 'num_nextn_predict_layers' says 1." in str(
        load_model(config).notes
    )
    assert load_model(config | {"num_mtp_modules": 1}).notes == ()
    assert "'num_nextn_predict_layers' says 'many'." in str(
        load_model(config | {"num_nextn_predict_layers": "many"}).notes
    )


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        (
            "MiniMaxAI/MiniMax-M2.5",
            {},
            "'num_mtp_modules' = 3: layers that predict further tokens are not counted, sin",
        ),
        (
            "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B",
            {"mtp_hybrid_override_pattern": "*X"},
            "not counted, since 'layers_block_type' or 'hybrid_override_pattern' must say what each layer is",
        ),
        ("deepseek-ai/DeepSeek-V4-Pro", {"num_nextn_predict_layers": 2}, ""),
    ],
)
def test_what_cannot_be_known_of_them_is_said(name, changes, said):
    model = load_model(dict(models[name].config) | changes)
    assert said in str(model.notes)
    assert (model.predictor is None) == bool(said)
