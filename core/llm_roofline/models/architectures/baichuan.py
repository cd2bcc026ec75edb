"""Baichuan 1 and 2 (arXiv 2309.10305): Llama's layer with one projection for queries, keys and values.

The model of 7B parameters rotates, that of 13B has ALiBi; a configuration tells them apart by the hidden size alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, dimensions, fused_attention, gated_mlp, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("baichuan",)
HIDDEN_SIZE_OF_7B = 4096
NAMES = "W_pack", "o_proj"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config)
    rotary = d.hidden == HIDDEN_SIZE_OF_7B
    size = d.head_size * rotary
    return rms_norm_decoder(
        d,
        lambda _: fused_attention(d, "input_layernorm", names=NAMES, rotary_size=size, alibi=not rotary),
        gated_mlp(d, "post_attention_layernorm", config.choice("hidden_act", among=ACTIVATIONS, default="silu")),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, None)],
    )


def context_limit(config: Config) -> int | None:
    """Longest context [token]."""
    return config.optional_count("max_position_embeddings", "model_max_length")
