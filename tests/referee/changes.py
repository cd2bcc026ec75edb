"""Small random changes of a real config: other sizes of heads, odd widths and experts, tied or not, fewer layers.

What no config of the catalogue shows, a wrong formula may hide behind. A key inside a part is `part.key` here. Imports
neither torch nor transformers, so that a test can apply the changes.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Fields = dict[str, Any]
    Draw = Callable[[Fields, str], st.SearchStrategy[Any]]

MOST_LAYERS = 9
LAYERS = (
    "num_hidden_layers",
    "n_layer",
    "n_layers",
    "num_layers",
    "encoder_layers",
    "decoder_layers",
    "num_decoder_layers",
)
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


@st.composite
def changes(draw: st.DrawFn, config: dict[str, Any]) -> dict[str, Any]:
    """Keys of a config and their new values."""
    prefix = "text_config." if "text_config" in config else ""
    before = flat(config["text_config"] if prefix else config)
    idle = {key for other, keys in IDLE.items() if other in before for key in keys}
    if prefix:
        idle |= {*HIDDEN, "tie_word_embeddings"}  # a vision tower ends in the hidden size, and the outer config ties
    zeros = {*FEW, *FLAGS}  # where 0 and false are values like any other
    may = [key for key in RULES if (before.get(key) or (before.get(key) == 0 and key in zeros)) and key not in idle]
    chosen = draw(st.lists(st.sampled_from(may), min_size=2, max_size=5, unique=True))
    after = dict(before)
    for key in LAYERS:
        if before.get(key):
            after[key] = draw(st.integers(1, min(MOST_LAYERS, before[key])))
    for key in may:
        if key in chosen:
            after[key] = draw(RULES[key](after, key))
    follow(after)
    shorten(before, after)
    return nested({prefix + key: value for key, value in after.items() if value != before[key]})


def flat(fields: Fields) -> Fields:
    """A config with the keys one level down beside the others."""
    inner = {f"{key}.{k}": v for key, value in fields.items() if isinstance(value, dict) for k, v in value.items()}
    return {key: value for key, value in fields.items() if not isinstance(value, dict)} | inner


def nested(fields: Fields) -> Fields:
    """A config with the keys of each part in it."""
    whole: Fields = {}
    for path, value in fields.items():
        *parts, key = path.split(".")
        reduce(lambda part, name: part.setdefault(name, {}), parts, whole)[key] = value
    return whole


def follow(fields: Fields) -> None:
    """Set what other keys decide."""
    if "state_size" in fields and "num_heads" in fields:  # Mamba-2
        fields["hidden_size"] = fields["num_heads"] * fields["head_dim"] // fields["expand"]
    elif "state_size" in fields:
        fields["intermediate_size"] = fields["expand"] * fields["hidden_size"]
    if "mamba_n_heads" in fields:
        fields["mamba_n_heads"] = fields["mamba_expand"] * fields["hidden_size"] // fields["mamba_d_head"]
    if "kv_lora_rank" in fields or fields["model_type"] == "gpt_neox":
        fields["num_key_value_heads"] = fields["num_attention_heads"]
    if "swa_head_dim" in fields:  # MiMo-V2
        fields["swa_num_attention_heads"] = fields["num_attention_heads"]
        fields["swa_num_key_value_heads"] = 2 * fields["num_key_value_heads"]
        fields |= {"swa_head_dim": fields["head_dim"], "swa_v_head_dim": fields["v_head_dim"]}
    if "sparse_attention_config.sparse_index_dim" in fields:  # MiniMax M3
        fields["moe_intermediate_size"] = fields["intermediate_size"]
    if "experts_per_token" in fields:
        fields["experts_per_token"] = fields["num_experts_per_tok"]
    if "qk_head_dim" in fields:
        fields["qk_head_dim"] = fields["qk_nope_head_dim"] + fields["qk_rope_head_dim"]
    if fields["model_type"] == "dit":
        fields["intermediate_size"] = 4 * fields["hidden_size"]


def shorten(before: Fields, after: Fields) -> None:
    """Leave the layers that are no more out of lists by layer; what follows them is for multi-token prediction."""
    layers = first(before, LAYERS)
    left = first(after, LAYERS)
    if layers == left:  # or the config does not say how many
        return
    for key, value in before.items():
        if key.startswith("linear_attn_config.") and isinstance(value, list):  # numbers of layers
            after[key] = [number for number in value if number <= left]
        elif isinstance(value, list | str) and layers <= len(value) <= layers + 3 and key != "model_type":
            after[key] = value[:left] + value[layers:]


def changed(config: Fields, new: Fields) -> Fields:
    """The config with some keys set otherwise, inside its parts too; None takes a key away."""
    merged = {
        key: changed(config[key], value) if isinstance(value, dict) and key in config else value
        for key, value in new.items()
    }
    kept = {key: value for key, value in config.items() if key not in new}
    return kept | {key: value for key, value in merged.items() if value is not None}
