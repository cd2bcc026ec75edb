"""ERNIE 4.5, dense (Baidu 2025): Llama's layer with heads of a size of their own, biases everywhere or nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("ernie4_5",)
DEFAULTS = {"ernie4_5": {"head_dim": 128}}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    bias = config.flag("use_bias")
    function = config.choice("hidden_act", among=ACTIVATIONS, default="silu")
    return rms_norm_decoder(
        d,
        lambda _: attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias),
        gated_mlp(d, "post_attention_layernorm", function, bias=bias),
        tied=config.flag("tie_word_embeddings", default=True),
        groups=[("layers", d.layers, None)],
    )
