"""What each key of a config may become: heads that still divide, odd widths, numbers of experts, the other choice.

A key inside a part is `part.key`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Fields = dict[str, Any]
    Draw = Callable[[Fields, str], st.SearchStrategy[Any]]

# Heads, and the KV heads (or groups of the output projection) that divide them.
HEADS = {
    "num_attention_heads": ("o_groups", "num_key_value_heads", "num_kv_heads", "multi_query_group_num"),
    "n_heads": ("attn_config.kv_n_heads",),
    "linear_num_value_heads": ("linear_num_key_heads",),
    "n_head": (),
    "num_heads": (),
    "encoder_attention_heads": (),
    "decoder_attention_heads": (),
    "linear_attn_config.num_heads": (),
}
HIDDEN = ("hidden_size", "n_embd", "d_model")
HEAD_SIZE = ("head_dim", "kv_channels", "d_kv", "attention_head_dim")
EXPERTS = ("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts", "ffn_config.moe_num_experts")
CHOSEN = (
    "num_experts_per_tok",
    "num_experts_per_token",
    "moe_topk",
    "moe_k",
    "top_k_experts",
    "ffn_config.moe_top_k",
)


def first(fields: Fields, names: Iterable[str]) -> Any:
    """Value of the first of some keys that the config has, or None."""
    return next((value for name in names if (value := fields.get(name))), None)


def width(fields: Fields, key: str) -> st.SearchStrategy[int]:
    """An odd width; beside experts an odd multiple of the eight that grouped products ask for."""
    unit = 8 if first(fields, EXPERTS) else 1
    return st.integers(1, fields[key] // unit // 2).map(lambda n: unit * (2 * n + 1))


def size(fields: Fields, key: str) -> st.SearchStrategy[int]:
    """A multiple of 8, up to twice the value."""
    return st.integers(1, max(fields[key] // 4, 3)).map(lambda n: 8 * n)


def hidden(fields: Fields, _: str) -> st.SearchStrategy[int]:
    """A hidden size that the heads divide, whether or not they have a size of their own."""
    return st.integers(1, 20).map(lambda n: 8 * n * (first(fields, HEADS) or 8))


def heads(fields: Fields, key: str) -> st.SearchStrategy[int]:
    """A multiple of the KV heads that divides the hidden size, where heads have no size of their own."""
    latent = "kv_lora_rank" in fields
    group = 1 if latent else first(fields, HEADS[key]) or 1
    whole = 0 if latent or first(fields, HEAD_SIZE) else first(fields, HIDDEN)
    return st.sampled_from([n for n in range(group, 2 * fields[key] + 1, group) if whole % (2 * n) == 0])


def kv_heads(fields: Fields, key: str) -> st.SearchStrategy[int]:
    """A divisor of the heads."""
    whole = fields[next(name for name, groups in HEADS.items() if key in groups)]
    return st.sampled_from([n for n in range(1, whole + 1) if whole % n == 0])


def experts(fields: Fields, key: str) -> st.SearchStrategy[int]:
    """An odd number of experts for each group, no fewer than a token is sent to."""
    least = first(fields, CHOSEN) or 1
    return st.integers(least // 2, fields[key]).map(lambda n: (fields.get("n_group") or 1) * (2 * n + 1))


def up_to(most: int) -> Draw:
    """A number from 1 on."""
    return lambda _, __: st.integers(1, most)


def flipped(fields: Fields, key: str) -> st.SearchStrategy[bool]:
    """The other of two choices."""
    return st.just(not fields[key])


WIDTHS = (
    "vocab_size",
    "padded_vocab_size",
    "num_classes",
    "intermediate_size",
    "ffn_dim",
    "ffn_hidden_size",
    "d_ff",
    "n_inner",
    "encoder_ffn_dim",
    "decoder_ffn_dim",
    "dense_intermediate_size",
    "intermediate_size_mlp",
    "moe_intermediate_size",
    "share_expert_dim",
    "shared_intermediate_size",
    "shared_expert_intermediate_size",
    "moe_shared_expert_intermediate_size",
    "ffn_config.ffn_hidden_size",
)
SIZES = (
    "q_lora_rank",
    "kv_lora_rank",
    "o_lora_rank",
    "qk_nope_head_dim",
    "qk_rope_head_dim",
    "v_head_dim",
    "index_head_dim",
    "index_n_heads",
    "global_head_dim",
    "linear_key_head_dim",
    "linear_value_head_dim",
    "state_size",
    "ssm_state_size",
    "mamba_d_state",
    "mamba_d_head",
    "mamba_head_dim",
    "time_step_rank",
    "mamba_dt_rank",
    "moe_latent_size",
    "linear_attn_config.head_dim",
    "sparse_attention_config.sparse_index_dim",
    "word_embed_proj_dim",
)
FEW = (
    "n_shared_experts",
    "num_shared_expert",
    "num_shared_experts",
    "moe_num_shared_experts",
    "first_k_dense_replace",
    "moe_layer_start_index",
    "expansion_ratio",
    "expand",
    "mamba_expand",
    "num_global_key_value_heads",
    "hc_mult",
)
KERNELS = ("conv_kernel", "mamba_d_conv", "linear_conv_kernel_dim", "linear_attn_config.short_conv_kernel_size")
FLAGS = (
    "tie_word_embeddings",
    "attention_bias",
    "mlp_bias",
    "use_bias",
    "qkv_bias",
    "add_qkv_bias",
    "bias",
    "no_bias",
    "lm_head_bias",
    "use_conv_bias",
    "mamba_conv_bias",
    "mamba_proj_bias",
    "use_qk_norm",
    "multi_query",
    "learn_sigma",
)
RULES: dict[str, Draw] = {  # in the order in which they are drawn: later ones see earlier ones
    **dict.fromkeys(CHOSEN, up_to(7)),
    **dict.fromkeys(EXPERTS, experts),
    **dict.fromkeys(HIDDEN, hidden),
    **dict.fromkeys(HEAD_SIZE, size),
    **dict.fromkeys(HEADS, heads),
    **dict.fromkeys((key for keys in HEADS.values() for key in keys), kv_heads),
    **dict.fromkeys(WIDTHS, width),
    **dict.fromkeys(SIZES, size),
    **dict.fromkeys(FEW, up_to(3)),
    **dict.fromkeys(KERNELS, up_to(5)),
    **dict.fromkeys(FLAGS, flipped),
}
# Keys that say nothing, or what others say already, where a config has another key.
IDLE = {
    "kv_lora_rank": {"num_key_value_heads", "head_dim"},
    "mlp_layer_types": {"first_k_dense_replace"},
    "multi_query": {"num_kv_heads"},
    "moe_shared_expert_intermediate_size": {"mlp_bias"},  # Nemotron-H: biases of experts, which no model has
}
