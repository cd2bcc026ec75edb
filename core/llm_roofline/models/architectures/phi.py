"""Phi 1, 1.5 and 2 (arXiv 2306.11644, 2309.05463): attention and network side by side behind one norm.

A part of each head is rotated, and everything has a bias, the head too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Embedding, Norm
from ..layers import (
    ACTIVATIONS,
    attention,
    dimensions,
    head,
    layer_normed,
    parallel_layer,
    plain_mlp,
    rotary_size,
)
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("phi",)
ROTARY = 0.5  # share of a head that is rotated where the configuration does not say
SOURCE = "input_layernorm"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    config.ignore("rotary_dim")  # what the share of a head says, said again
    d = dimensions(config)
    rows = attention(
        d,
        SOURCE,
        qkv_bias=True,
        out_bias=True,
        qk_norm=config.flag("qk_layernorm"),
        rotary_size=rotary_size(config, d, default=ROTARY),
        out_name="dense",
    )
    network = plain_mlp(d, SOURCE, config.choice("hidden_act", among=ACTIVATIONS, default="gelu_new"), ("fc1", "fc2"))
    norm = Norm(SOURCE, (HIDDEN,), d.hidden, layer_norm=True, bias=True)
    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    yield Block("layers", d.layers, parallel_layer(d.hidden, (norm,), layer_normed(rows, bias=True), network))
    tied = config.flag("tie_word_embeddings")
    yield head(d, norm="final_layernorm", tied=tied, layer_norm=True, bias=True)
