"""Seed-OSS (ByteDance 2025): Llama's layer with biases on queries, keys and values, and wide attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("seed_oss",)
DEFAULTS = {"seed_oss": {"head_dim": 128}}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    bias, out_bias = config.flag("attention_bias", default=True), config.flag("attention_out_bias")
    function = config.choice("hidden_act", among=ACTIVATIONS, default="silu")
    return rms_norm_decoder(
        d,
        lambda _: attention(d, "input_layernorm", qkv_bias=bias, out_bias=out_bias),
        gated_mlp(d, "post_attention_layernorm", function, bias=config.flag("mlp_bias")),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, None)],
    )
