"""InternLM 2 (arXiv 2403.17297): Llama's layer with one projection for queries, keys and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Embedding, Norm
from ..layers import ACTIVATIONS, dimensions, fused_attention, gated_mlp, head, sequential
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("internlm2",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config)
    bias = config.flag("bias", default=True)
    norms = Norm("attention_norm", (HIDDEN,), d.hidden), Norm("ffn_norm", ("attn_add",), d.hidden)
    attention_rows = fused_attention(
        d, "attention_norm", names=("wqkv", "wo"), bias=bias, out_bias=bias, rotary_size=d.head_size
    )
    function = config.choice("hidden_act", among=ACTIVATIONS, default="silu")
    yield Block("embedding", 1, (Embedding("tok_embeddings", (), d.vocabulary, d.hidden),))
    network = gated_mlp(d, "ffn_norm", function, ("w1", "w3", "w2"))
    yield sequential(("layers", d.layers), d.hidden, attention_rows, network, norms)
    yield head(d, norm="norm", name="output", tied=config.flag("tie_word_embeddings"))
