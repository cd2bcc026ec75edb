"""Nemotron-4 and Minitron (arXiv 2402.16819, 2406.11704, 2407.14679): squared ReLU without a gate, half a head rotated.

The weights of the norms are stored less one, which costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Embedding
from ..layers import ACTIVATIONS, attention, dimensions, layer_norm_decoder, plain_mlp, rotary_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("nemotron",)
ROTARY = 0.5  # share of a head that is rotated where the configuration does not say


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    bias, rotary = config.flag("attention_bias"), rotary_size(config, d, default=ROTARY)
    function = config.choice("hidden_act", among=ACTIVATIONS, default="relu2")
    names = "up_proj", "down_proj"
    return layer_norm_decoder(
        d,
        (Embedding("embed_tokens", (), d.vocabulary, d.hidden),),
        attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias, rotary_size=rotary),
        plain_mlp(d, "post_attention_layernorm", function, names, bias=config.flag("mlp_bias")),
        tied=config.flag("tie_word_embeddings"),
    )
