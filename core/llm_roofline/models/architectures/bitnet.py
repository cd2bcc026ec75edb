"""BitNet b1.58 (arXiv 2504.12285): squared ReLU, and a norm before the last projection of attention and network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...operators import Norm
from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("bitnet",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    bias = config.flag("attention_bias")
    function = config.choice("hidden_act", among=ACTIVATIONS, default="relu2")

    def attention_rows(_: int | None) -> Iterator[Operator]:
        rows = attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias)
        return _normed(rows, "attn_sub_norm", d.query_width)

    return rms_norm_decoder(
        d,
        attention_rows,
        _normed(gated_mlp(d, "post_attention_layernorm", function), "ffn_sub_norm", d.ffn),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, None)],
    )


def _normed(rows: Iterable[Operator], name: str, width: int) -> Iterator[Operator]:
    """Rows of which the last reads its input through a norm."""
    *before, last = rows
    yield from before
    yield Norm(name, last.inputs, width)
    yield replace(last, inputs=(name,))
