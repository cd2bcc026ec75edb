"""Mixtral (arXiv 2401.04088): Mistral's layer with experts in place of its feed-forward network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import attention, dimensions, expert_dimensions, mixture, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("mixtral",)
SPELLINGS = {"num_experts": "num_local_experts"}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    m = expert_dimensions(config, d.hidden, ffn="intermediate_size", experts="num_local_experts")
    return rms_norm_decoder(
        d,
        lambda window: attention(d, "input_layernorm", window=window),
        mixture(m, "post_attention_layernorm"),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, config.optional_count("sliding_window"))],
    )
