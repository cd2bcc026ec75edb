"""BLOOM (arXiv 2211.05100): ALiBi instead of positions, a norm after the embedding, biases everywhere, a tied head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Embedding, Norm
from ..layers import Dimensions, fused_attention, layer_norm_decoder, plain_mlp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("bloom",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    hidden, heads = config.count("hidden_size", "n_embed"), config.count("n_head", "num_attention_heads")
    size = config.divides("n_head", heads, "hidden_size", hidden)
    layers, vocabulary = config.count("n_layer", "num_hidden_layers"), config.count("vocab_size")
    d = Dimensions(hidden, layers, heads, heads, size, 4 * hidden, vocabulary)
    if config.flag("apply_residual_connection_post_layernorm"):
        config.problem("'apply_residual_connection_post_layernorm' = True is not supported: no released model has it.")
    tokens, norm = "word_embeddings", "word_embeddings_layernorm"
    return layer_norm_decoder(
        d,
        (
            Embedding(tokens, (), vocabulary, hidden),
            Norm(norm, (tokens,), hidden, layer_norm=True, bias=True, role="post"),
        ),
        fused_attention(d, "input_layernorm", names=("query_key_value", "dense"), bias=True, out_bias=True, alibi=True),
        plain_mlp(d, "post_attention_layernorm", "gelu", ("dense_h_to_4h", "dense_4h_to_h")),
        norms=("input_layernorm", "post_attention_layernorm", "ln_f"),
        tied=config.flag("tie_word_embeddings", default=True),
    )
