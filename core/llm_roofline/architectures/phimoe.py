"""Phi 3.5 with experts (arXiv 2404.14219): LayerNorm, biases in attention and head, two of sixteen experts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import attention, dimensions, expert_dimensions, head, mixture, sequential
from ..model import Block
from ..operators import HIDDEN, Embedding, Norm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("phimoe",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    m = expert_dimensions(config, d.hidden, ffn="intermediate_size", experts="num_local_experts")
    bias, window = config.flag("attention_bias"), config.optional_count("sliding_window")
    if window == config.optional_count("max_position_embeddings"):
        window = None  # it never fills
    norms = (
        Norm("input_layernorm", (HIDDEN,), d.hidden, layer_norm=True, bias=True),
        Norm("post_attention_layernorm", ("attn_add",), d.hidden, layer_norm=True, bias=True),
    )
    attention_rows = attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias, window=window)
    expert_rows = mixture(m, "post_attention_layernorm", router="router")
    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    yield sequential(("layers", d.layers), d.hidden, attention_rows, expert_rows, norms)
    tied, bias = config.flag("tie_word_embeddings"), config.flag("lm_head_bias")
    yield head(d, norm="norm", tied=tied, layer_norm=True, bias=bias)
