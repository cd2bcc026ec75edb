"""Mistral (arXiv 2310.06825): Llama's layer with a sliding window, where the configuration sets one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("mistral",)
WINDOW = 4096  # where the key is absent; null means none


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    window = config.optional_count("sliding_window") if "sliding_window" in config.fields else WINDOW
    return rms_norm_decoder(
        d,
        lambda window: attention(d, "input_layernorm", window=window),
        gated_mlp(d, "post_attention_layernorm", config.choice("hidden_act", among=ACTIVATIONS, default="silu")),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, window)],
    )
