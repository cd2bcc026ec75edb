"""Gemma 1 (arXiv 2403.08295): Llama's layer with GELU, wide heads and a tied head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("gemma",)
HEAD_SIZE = 256  # where the configuration does not say


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, head_size=HEAD_SIZE, kv_heads_stated=True)
    bias = config.flag("attention_bias")
    function = config.choice("hidden_activation", "hidden_act", among=ACTIVATIONS, default="gelu_pytorch_tanh")
    return rms_norm_decoder(
        d,
        lambda window: attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias, window=window),
        gated_mlp(d, "post_attention_layernorm", function),
        tied=config.flag("tie_word_embeddings", default=True),
        groups=[("layers", d.layers, None)],
    )
