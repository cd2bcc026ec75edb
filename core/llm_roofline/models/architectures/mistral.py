"""Mistral (arXiv 2310.06825): Llama's layer with a sliding window, where the configuration sets one.

The third Ministral and what follows it (Mistral AI 2025) have none unless they say so, and heads of one size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("ministral3", "mistral")
DEFAULTS = {"ministral3": {"head_dim": 128}, "mistral": {"sliding_window": 4096}}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    return rms_norm_decoder(
        d,
        lambda window: attention(d, "input_layernorm", window=window),
        gated_mlp(d, "post_attention_layernorm", config.choice("hidden_act", among=ACTIVATIONS, default="silu")),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, config.optional_count("sliding_window"))],
    )
