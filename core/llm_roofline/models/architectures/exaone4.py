"""EXAONE 4.0 (arXiv 2507.11407): OLMo 2's order of norms around heads of queries and keys that are normalised apart.

The large one has a window on three of four layers, and no positions on the others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...operators import HIDDEN, Embedding
from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, head, windowed_layers
from ..model import Block
from . import olmo2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("exaone4",)
WINDOW, PATTERN = 4096, 4  # where the configuration does not say


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    whole = "sliding_window" in config.fields and config.optional_count("sliding_window") is None
    network = tuple(gated_mlp(d, "attn_add", config.choice("hidden_act", among=ACTIVATIONS, default="silu")))

    def layer(window: int | None) -> tuple[Operator, ...]:
        rows = attention(d, HIDDEN, qk_norm=True, rotary=whole or window is not None, window=window)
        return olmo2.normed_after(d.hidden, rows, network)

    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    yield from windowed_layers(config, d.layers, layer, window=WINDOW, every=1 if whole else _period(config))
    yield head(d, norm="norm", tied=config.flag("tie_word_embeddings"))


def _period(config: Config) -> int:
    """Layers of which the last has no window: a number, or letters such as LLLG [1]."""
    letters = config.stated("sliding_window_pattern")
    if isinstance(letters, str) and re.fullmatch("L*G", letters):
        return len(letters)
    return config.count("sliding_window_pattern", default=PATTERN)
