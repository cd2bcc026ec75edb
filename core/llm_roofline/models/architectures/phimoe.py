"""Phi 3.5 with experts (arXiv 2404.14219): LayerNorm, biases in attention and head, two of sixteen experts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Embedding
from ..layers import attention, dimensions, expert_dimensions, layer_norm_decoder, mixture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("phimoe",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    m = expert_dimensions(config, d.hidden, ffn="intermediate_size", experts="num_local_experts")
    bias, window = config.flag("attention_bias"), config.optional_count("sliding_window")
    if window == config.optional_count("max_position_embeddings"):
        window = None  # it never fills
    return layer_norm_decoder(
        d,
        (Embedding("embed_tokens", (), d.vocabulary, d.hidden),),
        attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias, window=window),
        mixture(m, "post_attention_layernorm", router="router"),
        tied=config.flag("tie_word_embeddings"),
        head_bias=config.flag("lm_head_bias"),
    )
