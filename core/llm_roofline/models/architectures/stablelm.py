"""StableLM (Stability AI 2023, arXiv 2402.17834): LayerNorm around a gated network, a quarter of a head rotated.

The largest has attention and network side by side behind one norm, and norms with weights of their own for each head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Embedding, Norm
from ..layers import (
    ACTIVATIONS,
    attention,
    dimensions,
    gated_mlp,
    head,
    layer_norm_decoder,
    layer_normed,
    parallel_layer,
    rotary_size,
)
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("stablelm",)
ROTARY = 0.25  # share of a head that is rotated where the configuration does not say
FIRST, SECOND = "input_layernorm", "post_attention_layernorm"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    config.again("head_dim", config.divides("num_attention_heads", d.heads, "hidden_size", d.hidden))
    function = config.choice("hidden_act", among=ACTIVATIONS, default="silu")
    rows = attention(
        d,
        FIRST,
        qkv_bias=config.flag("use_qkv_bias"),
        qk_norm=config.flag("qk_layernorm"),
        norm_whole=True,  # each head by itself, by weights of its own: as many as of the whole
        rotary_size=rotary_size(config, d, default=ROTARY),
    )
    rows, tied = layer_normed(rows), config.flag("tie_word_embeddings")
    embedding = Embedding("embed_tokens", (), d.vocabulary, d.hidden)
    if not config.flag("use_parallel_residual"):
        yield from layer_norm_decoder(d, (embedding,), rows, gated_mlp(d, SECOND, function), tied=tied)
        return
    norm = Norm(FIRST, (HIDDEN,), d.hidden, layer_norm=True, bias=True)
    yield Block("embedding", 1, (embedding,))
    yield Block("layers", d.layers, parallel_layer(d.hidden, (norm,), rows, gated_mlp(d, FIRST, function)))
    yield head(d, norm="norm", tied=tied, layer_norm=True)
