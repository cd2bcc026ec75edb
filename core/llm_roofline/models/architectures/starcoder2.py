"""StarCoder 2 (arXiv 2402.19173): grouped keys and values, LayerNorm, biases everywhere, a sliding window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Embedding
from ..layers import ACTIVATIONS, attention, dimensions, layer_norm_decoder, plain_mlp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("starcoder2",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    config.ignore("mlp_type", "norm_type")  # there is one of each
    d = dimensions(config, kv_heads_stated=True)
    bias, window = config.flag("use_bias", default=True), config.optional_count("sliding_window")
    function = config.choice("hidden_act", among=ACTIVATIONS, default="gelu_pytorch_tanh")
    return layer_norm_decoder(
        d,
        (Embedding("embed_tokens", (), d.vocabulary, d.hidden),),
        attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias, window=window),
        plain_mlp(d, "post_attention_layernorm", function, ("c_fc", "c_proj"), bias=bias),
        tied=config.flag("tie_word_embeddings", default=True),
    )
