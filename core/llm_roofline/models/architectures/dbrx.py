"""DBRX (Databricks 2024): four of sixteen experts, LayerNorm without biases, one projection for Q, K and V."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...operators import Embedding
from ..layers import ACTIVATIONS, Dimensions, expert_dimensions, fused_attention, layer_norm_decoder, mixture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("dbrx",)
MODULES = {"experts": ("ffn", "ffn.experts.mlp")} | dict.fromkeys(("Wqkv", "out_proj"), ("norm_attn_norm.attn",))
SPELLINGS = {
    "hidden_size": "d_model",
    "max_position_embeddings": "max_seq_len",
    "num_attention_heads": "n_heads",
    "num_hidden_layers": "n_layers",
}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    part, network = config.part("attn_config"), config.part("ffn_config")
    part.ignore("clip_qkv")  # clamping runs with the product before it
    hidden, heads, kv_heads = config.count("d_model"), config.count("n_heads"), part.count("kv_n_heads")
    config.again("num_key_value_heads", kv_heads)
    network.again("hidden_size", hidden)
    part.divides("kv_n_heads", kv_heads, "n_heads", heads)
    size = config.divides("n_heads", heads, "d_model", hidden)
    m = expert_dimensions(network, hidden, ffn="ffn_hidden_size", experts="moe_num_experts", chosen="moe_top_k")
    if network.fields.get("ffn_act_fn") is not None:
        function = network.part("ffn_act_fn").choice("name", among=ACTIVATIONS, default="silu")
        m = replace(m, function=function)
    d = Dimensions(hidden, config.count("n_layers"), heads, kv_heads, size, m.ffn, config.count("vocab_size"))
    return layer_norm_decoder(
        d,
        (Embedding("wte", (), d.vocabulary, hidden),),
        fused_attention(d, "norm_1", names=("Wqkv", "out_proj"), rotary_size=size),
        mixture(m, "norm_2", router="router"),
        norms=("norm_1", "norm_2", "norm_f"),
        bias=False,
        tied=config.flag("tie_word_embeddings"),
    )


def context_limit(config: Config) -> int | None:
    """Longest context [token]."""
    return config.optional_count("max_seq_len")
