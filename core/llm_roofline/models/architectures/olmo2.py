"""OLMo 2 and 3 (arXiv 2501.00656, Ai2 2025): norms after attention and network, and of queries and keys as a whole.

Three of four layers of the third generation have a window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Embedding, Norm, ResidualAdd
from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, head, windowed_layers
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("olmo2", "olmo3")
WINDOW, PATTERN = 4096, 4  # where the configuration does not say
FIRST, SECOND = "post_attention_layernorm", "post_feedforward_layernorm"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config)
    bias = config.flag("attention_bias")
    network = tuple(gated_mlp(d, "attn_add", config.choice("hidden_act", among=ACTIVATIONS, default="silu")))

    def layer(window: int | None) -> tuple[Operator, ...]:
        rows = attention(d, HIDDEN, qkv_bias=bias, out_bias=bias, qk_norm=True, norm_whole=True, window=window)
        return normed_after(d.hidden, rows, network)

    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    if config.fields["model_type"] == "olmo2":
        yield Block("layers", d.layers, layer(None))
    else:
        yield from windowed_layers(config, d.layers, layer, window=WINDOW, every=PATTERN)
    yield head(d, norm="norm", tied=config.flag("tie_word_embeddings"))


def normed_after(width: int, attention_rows: Iterable[Operator], network: tuple[Operator, ...]) -> tuple[Operator, ...]:
    """What attention and network make is normalised, not what they read."""
    rows = tuple(attention_rows)
    return (
        *rows,
        Norm(FIRST, (rows[-1].name,), width, role="post"),
        ResidualAdd("attn_add", (HIDDEN, FIRST), width),
        *network,
        Norm(SECOND, (network[-1].name,), width, role="post"),
        ResidualAdd("mlp_add", ("attn_add", SECOND), width),
    )
