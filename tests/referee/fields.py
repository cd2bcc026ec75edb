"""From a `config.json` to the class of Transformers that counts it, and to the fields as that class reads them.

A type has a stand-in only where the operators are provably the same; others are in `missing.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Fields = dict[str, Any]

UNUSED = {"_provenance", "auto_map", "model_type"}  # auto_map asks to run code of the checkpoint
# Types without a class, the one that runs the same operators, and why it does.
STAND_INS = {
    "baichuan": ("llama", "its W_pack is Q, K and V; positions (RoPE or ALiBi) make no matrix product"),
    "chatglm": ("glm", "its query_key_value is separate Q, K and V projections here"),
    "deepseek": ("glm4_moe", "attention without bias or norm of queries and keys, experts routed as one group"),
    "internlm": ("llama", "the config has no biases"),
    "internlm2": ("llama", "its wqkv is Q, K and V"),
    "kimi_k2": ("deepseek_v3", "the checkpoint's own class is DeepSeek-V3's"),
    "mimo": ("qwen2", "Qwen2's layers; multi-token prediction is left out"),
    "minimax_m3": ("minimax_m3_vl", "the fields are those of its text_config"),
    "step3p7": ("step3p7", "the fields are those of its text_config"),
}
# What a class takes for granted, whatever the config says.
GRANTED: dict[str, Fields] = {
    "chatglm": {"add_bias_linear": False, "multi_query_attention": True, "rmsnorm": True},
    "deepseek": {"moe_layer_freq": 1},
    "deepseek_v4": {"attention_bias": False, "n_shared_experts": 1, "num_key_value_heads": 1},
    "glm4_moe_lite": {"first_k_dense_replace": 1},
    "hunyuan_v1_moe": {"num_shared_expert": 1, "use_mixed_mlp_moe": True, "use_qk_norm": True},
    "internlm": {"bias": False},
    "internlm2": {"bias": False},
    "kimi_linear": {"tie_word_embeddings": False},
    "mimo": {"attention_bias": True},
    "mimo_v2_flash": {"n_shared_experts": None},
    "minimax_m2": {"use_qk_norm": True},
    "minimax_m3": {"n_shared_experts": 1, "use_qk_norm": True},
    "mpt": {"expansion_ratio": 4, "no_bias": True},
    "nemotron_h": {"attention_bias": False, "mamba_proj_bias": False, "tie_word_embeddings": False},
    "phimoe": {"num_experts_per_tok": 2},
    "qwen3_moe": {"qkv_bias": False},
    "step3p7": {"n_shared_experts": 1},
}


def class_and_fields(config: Fields) -> tuple[str, Fields]:
    """Model type of the class that counts a config, and its fields.

    Raises
    ------
    ValueError
        If the config asks for something that the class does not build.
    """
    model_type = config["model_type"]
    granted = GRANTED.get(model_type, {})
    if wrong := {key: config[key] for key, value in granted.items() if config.get(key, value) != value}:
        raise ValueError(f"The class of {model_type} does not build {wrong}; it needs {granted}.")
    fields = {key: value for key, value in config.items() if key not in UNUSED}
    if model_type in READ_AS:
        fields = READ_AS[model_type](fields)
    return STAND_INS.get(model_type, (model_type,))[0], fields


def glm(chatglm: Fields) -> Fields:
    """Fields of a `glm` config."""
    return {
        "attention_bias": chatglm["add_qkv_bias"],
        "head_dim": chatglm["kv_channels"],
        "hidden_size": chatglm["hidden_size"],
        "intermediate_size": chatglm["ffn_hidden_size"],
        "max_position_embeddings": chatglm["seq_length"],
        "num_attention_heads": chatglm["num_attention_heads"],
        "num_hidden_layers": chatglm["num_layers"],
        "num_key_value_heads": chatglm["multi_query_group_num"],
        "pad_token_id": 0,  # the default lies outside this vocabulary, and an embedding refuses that
        "tie_word_embeddings": chatglm["tie_word_embeddings"],
        "vocab_size": chatglm["padded_vocab_size"],
    }


def glm4_moe(deepseek: Fields) -> Fields:
    """Fields of a `glm4_moe` config with one group of experts."""
    return deepseek | {"n_group": 1, "topk_group": 1, "use_qk_norm": False, "attention_bias": False}


def hunyuan_v1_moe(fields: Fields) -> Fields:
    """The width of experts under the name that the class reads."""
    return fields | {"intermediate_size": fields["moe_intermediate_size"]}


def mimo_v2_flash(fields: Fields) -> Fields:
    """Layers by name; the class makes sliding layers of the sizes of the others, with twice the KV heads."""
    implied = {
        "swa_num_attention_heads": fields["num_attention_heads"],
        "swa_num_key_value_heads": 2 * fields["num_key_value_heads"],
        "swa_head_dim": fields["head_dim"],
        "swa_v_head_dim": fields["v_head_dim"],
    }
    if wrong := {key: fields[key] for key, value in implied.items() if fields[key] != value}:
        raise ValueError(f"The class of mimo_v2_flash does not build {wrong}; it needs {implied}.")
    return fields | {
        "layer_types": [("full_attention", "sliding_attention")[kind] for kind in fields["hybrid_layer_pattern"]],
        "mlp_layer_types": [("dense", "sparse")[kind] for kind in fields["moe_layer_freq"]],
    }


def minimax_m3(fields: Fields) -> Fields:
    """Fields of the text model of a `minimax_m3_vl` config, which says the width of its experts twice."""
    if fields["moe_intermediate_size"] != fields["intermediate_size"]:
        raise ValueError("The class of minimax_m3 takes moe_intermediate_size to be intermediate_size.")
    return {"text_config": fields}


def step3p7(fields: Fields) -> Fields:
    """Fields of the text model of a `step3p7` config."""
    dense = fields.get("first_k_dense_replace", 0)
    implied = ["dense" if layer < dense else "sparse" for layer in range(fields["num_hidden_layers"])]
    return {"text_config": {"n_routed_experts": fields["num_experts"], "mlp_layer_types": implied} | fields}


READ_AS: dict[str, Callable[[Fields], Fields]] = {
    "chatglm": glm,
    "deepseek": glm4_moe,
    "hunyuan_v1_moe": hunyuan_v1_moe,
    "mimo_v2_flash": mimo_v2_flash,
    "minimax_m3": minimax_m3,
    "step3p7": step3p7,
}
