"""Phi 3 and 4 (arXiv 2404.14219, 2412.08905): one projection for queries, keys and values, one for gate and up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, dimensions, fused_attention, fused_gated_mlp, rms_norm_decoder, rotary_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("phi3",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config)
    rotary = rotary_size(config, d, default=1.0)
    names = "qkv_proj", "o_proj"
    return rms_norm_decoder(
        d,
        lambda window: fused_attention(d, "input_layernorm", names=names, rotary_size=rotary, window=window),
        fused_gated_mlp(
            d,
            "post_attention_layernorm",
            config.choice("hidden_act", among=ACTIVATIONS, default="silu"),
            names=("gate_up_proj", "down_proj"),
        ),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, config.optional_count("sliding_window"))],
    )
