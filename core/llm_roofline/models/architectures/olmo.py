"""OLMo (arXiv 2402.00838): Llama's layer with LayerNorm that has neither weights nor biases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Embedding
from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, layer_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("olmo",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config)
    bias = config.flag("attention_bias")
    config.ignore("clip_qkv")  # clamping runs with the products before it
    return layer_norm_decoder(
        d,
        (Embedding("embed_tokens", (), d.vocabulary, d.hidden),),
        attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias),
        gated_mlp(d, "post_attention_layernorm", config.choice("hidden_act", among=ACTIVATIONS, default="silu")),
        bias=False,
        affine=False,
        tied=config.flag("tie_word_embeddings"),
    )
