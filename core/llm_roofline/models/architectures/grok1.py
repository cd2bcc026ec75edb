"""Grok-1 (xAI 2024): wide experts with GELU, bounded scores, and norms before and after attention and experts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...operators import Embedding
from ..layers import ACTIVATIONS, attention, dimensions, expert_dimensions, head, mixture, sandwich_layer
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("grok-1",)
NORMS = "pre_attn_norm", "post_attn_norm", "pre_moe_norm", "post_moe_norm"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config)
    m = expert_dimensions(config, d.hidden, ffn="intermediate_size")
    m = replace(m, function=config.choice("hidden_act", among=ACTIVATIONS, default="gelu"))
    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    rows = sandwich_layer(d.hidden, attention(d, NORMS[0], capped=True), mixture(m, NORMS[2]), NORMS)
    yield Block("layers", d.layers, rows)
    yield head(d, norm="norm", tied=config.flag("tie_word_embeddings", default=True))
