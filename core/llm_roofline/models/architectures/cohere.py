"""Command R (Cohere 2024) and Command A (arXiv 2504.00698): attention and network side by side behind one norm.

The norm has weights and no bias. Three of four layers of the second generation have a window, the fourth sees all
tokens and has no positions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Embedding, Head, Norm
from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, layer_normed, parallel_layer, windowed_layers
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("cohere", "cohere2")
WINDOW, PATTERN = 4096, 4  # where the configuration does not say
SOURCE = "input_layernorm"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order; heads of queries and keys, where they are normalised, have weights of their own."""
    d = dimensions(config)
    config.ignore("use_gated_activation", "use_parallel_block", "use_embedding_sharing")  # as they always are
    config.ignore("rotary_pct", "position_embedding_type", "order_of_interleaved_layers", "layer_switch")  # likewise
    bias, qk_norm = config.flag("attention_bias"), config.flag("use_qk_norm")
    norm = Norm(SOURCE, (HIDDEN,), d.hidden, layer_norm=True)
    network = tuple(gated_mlp(d, SOURCE, config.choice("hidden_act", among=ACTIVATIONS, default="silu")))

    def layer(window: int | None, *, rotary: bool) -> tuple[Operator, ...]:
        rows = attention(
            d,
            SOURCE,
            qkv_bias=bias,
            out_bias=bias,
            qk_norm=qk_norm,
            norm_whole=True,
            rotary=rotary,
            window=window,
        )
        return parallel_layer(d.hidden, (norm,), layer_normed(rows), network)

    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    if config.fields["model_type"] == "cohere":
        yield Block("layers", d.layers, layer(None, rotary=True))
    else:
        every = config.count("sliding_window_pattern", "layer_switch", default=PATTERN)
        yield from windowed_layers(
            config, d.layers, lambda window: layer(window, rotary=window is not None), window=WINDOW, every=every
        )
    final = Norm("norm", (HIDDEN,), d.hidden, layer_norm=True, role="final")
    tied = config.flag("tie_word_embeddings", default=True)
    yield Block("head", 1, (final, Head("lm_head", ("norm",), d.hidden, d.vocabulary, tied)))
