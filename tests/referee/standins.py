"""Model types that Transformers has no class for, and the class that runs the same operators under other names.

A type is here only where the operators are provably the same; all others are in `missing.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Fields = dict[str, Any]


def glm(chatglm: Fields) -> Fields:
    """Fields of a `glm` config that builds the same operators as these fields of a `chatglm` config.

    Raises
    ------
    ValueError
        If the config asks for something that the `glm` class cannot build.
    """
    fixed = {"add_bias_linear": False, "multi_query_attention": True, "rmsnorm": True}
    if wrong := {key: chatglm[key] for key, value in fixed.items() if chatglm[key] != value}:
        raise ValueError(f"A glm model cannot stand in for chatglm with {wrong}; it needs {fixed}.")
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


def same(fields: Fields) -> Fields:
    """The fields as they are."""
    return fields


def nested(fields: Fields) -> Fields:
    """Fields of a text model, where the class wants them under `text_config`."""
    return {"text_config": fields}


def glm4_moe(deepseek: Fields) -> Fields:
    """Fields of a `glm4_moe` config with one group of experts and no norm of queries and keys."""
    return deepseek | {"n_group": 1, "topk_group": 1, "use_qk_norm": False, "attention_bias": False}


STAND_INS: dict[str, tuple[str, Callable[[Fields], Fields], str]] = {
    "baichuan": ("llama", same, "its W_pack is Q, K and V; positions (RoPE or ALiBi) make no matrix product"),
    "chatglm": ("glm", glm, "its query_key_value is separate Q, K and V projections here"),
    "deepseek": (
        "glm4_moe",
        glm4_moe,
        "attention without bias or norm of queries and keys, experts routed as one group",
    ),
    "internlm": ("llama", same, "the config has no biases"),
    "internlm2": ("llama", same, "its wqkv is Q, K and V"),
    "kimi_k2": ("deepseek_v3", same, "the checkpoint's own class is DeepSeek-V3's"),
    "mimo": ("qwen2", same, "Qwen2's layers; multi-token prediction is left out"),
    "minimax_m3": ("minimax_m3_vl", nested, "the fields are those of its text_config"),
    "step3p7": ("step3p7", nested, "the fields are those of its text_config"),
}
