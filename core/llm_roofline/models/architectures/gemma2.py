"""Gemma 2 and 3 (arXiv 2408.00118, 2503.19786): norms before and after attention and network, windows in turns.

The second generation bounds its scores, the third normalises heads of queries and keys instead. Bounding the logits
runs with the product that makes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Embedding
from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, head, sandwich_layer, windowed_layers
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("gemma2", "gemma3_text")
NORMS = "input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"
HEAD_SIZE, WINDOW, CAP = 256, 4096, 50.0  # where the configuration does not say
PATTERN_OF_2, PATTERN_OF_3 = 2, 6  # one layer in so many sees all tokens


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    third = config.fields["model_type"] == "gemma3_text"
    if config.flag("use_bidirectional_attention"):
        config.problem("'use_bidirectional_attention' = True is not supported: a decoder sees what came before.")
    d = dimensions(config, head_size=HEAD_SIZE, kv_heads_stated=True)
    every = config.count("sliding_window_pattern", default=PATTERN_OF_3) if third else PATTERN_OF_2
    capped = not third and (
        "attn_logit_softcapping" not in config.fields or config.stated("attn_logit_softcapping") is not None
    )
    bias = config.flag("attention_bias")
    function = config.choice("hidden_activation", "hidden_act", among=ACTIVATIONS, default="gelu_pytorch_tanh")

    def layer(window: int | None) -> tuple[Operator, ...]:
        rows = attention(d, NORMS[0], qkv_bias=bias, out_bias=bias, qk_norm=third, window=window, capped=capped)
        return sandwich_layer(d.hidden, rows, gated_mlp(d, NORMS[2], function), NORMS)

    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    yield from windowed_layers(config, d.layers, layer, window=WINDOW, every=every)
    yield head(d, norm="norm", tied=config.flag("tie_word_embeddings", default=True))


def context_limit(config: Config) -> int | None:
    """The limit that it states [token], which is the one that the third generation's linear scaling reaches."""
    return config.optional_count("max_position_embeddings")
