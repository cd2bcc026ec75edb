"""Qwen 1.5, 2 and 2.5 (arXiv 2407.10671, 2412.15115): Llama's layer with biases on queries, keys and values.

MiMo-7B (arXiv 2505.07608) took over the layer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, late_windows, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("mimo", "qwen2")


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    config.ignore("attention_bias")  # there is one whatever it says
    d = dimensions(config, kv_heads_stated=True)
    return rms_norm_decoder(
        d,
        lambda window: attention(d, "input_layernorm", qkv_bias=True, window=window),
        gated_mlp(d, "post_attention_layernorm", config.choice("hidden_act", among=ACTIVATIONS, default="silu")),
        tied=config.flag("tie_word_embeddings"),
        groups=late_windows(config, d.layers),
    )
