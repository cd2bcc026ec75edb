"""Llama 1, 2 and 3 (arXiv 2302.13971, 2307.09288, 2407.21783) and the many that took over its layer.

Granite 3 (Granite Team 2024) multiplies embedding, residual stream and logits by factors, which cost nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("granite", "llama")


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config)
    bias = config.flag("attention_bias")
    function = config.choice("hidden_act", among=ACTIVATIONS, default="silu")
    return rms_norm_decoder(
        d,
        lambda window: attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias, window=window),
        gated_mlp(d, "post_attention_layernorm", function, bias=config.flag("mlp_bias")),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, None)],
    )
