"""Qwen 3, dense (arXiv 2505.09388): Llama's layer with norms of queries and keys, and heads of a size of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, late_windows, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("qwen3",)
HEAD_SIZE = 128  # where the configuration does not say


def blocks(config: Config, *, tied: bool | None = None) -> Iterator[Block]:
    """Blocks in forward order; the head shares the embedding's weights as the configuration says, or as given."""
    d = dimensions(config, head_size=HEAD_SIZE, kv_heads_stated=True)
    bias = config.flag("attention_bias")
    return rms_norm_decoder(
        d,
        lambda window: attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias, qk_norm=True, window=window),
        gated_mlp(d, "post_attention_layernorm", config.choice("hidden_act", among=ACTIVATIONS, default="silu")),
        tied=config.flag("tie_word_embeddings") if tied is None else tied,
        groups=late_windows(config, d.layers),
    )
