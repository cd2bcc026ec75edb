"""Granite 3.0 with experts (Granite Team 2024): Llama's attention, small experts, a tied head."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..layers import attention, dimensions, expert_dimensions, mixture, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("granitemoe",)
MODULES = {"experts": ("block_sparse_moe",)}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order; the multipliers of the residual stream are factors of products, and cost nothing."""
    d = dimensions(config)
    m = expert_dimensions(config, d.hidden, ffn="intermediate_size", experts="num_local_experts")
    bias = config.flag("attention_bias")
    return rms_norm_decoder(
        d,
        lambda _: attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias),
        mixture(replace(m, fused=True), "post_attention_layernorm", router="router"),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, None)],
    )
