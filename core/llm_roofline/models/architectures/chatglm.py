"""ChatGLM 2 and 3 (arXiv 2210.02414, 2406.12793): few KV heads, half a head rotated, one projection for gate and up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Embedding, Norm
from ..layers import Dimensions, fused_attention, fused_gated_mlp, head, sequential
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("chatglm",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    hidden, heads = config.count("hidden_size"), config.count("num_attention_heads")
    few = config.flag("multi_query_attention")
    kv_heads = config.count("multi_query_group_num", default=1) if few else heads
    config.divides("multi_query_group_num", kv_heads, "num_attention_heads", heads)
    size = config.optional_count("kv_channels") or config.divides("num_attention_heads", heads, "hidden_size", hidden)
    layers, ffn = config.count("num_layers"), config.count("ffn_hidden_size")
    d = Dimensions(hidden, layers, heads, kv_heads, size, ffn, config.count("padded_vocab_size", "vocab_size"))
    bias, layer_norm = config.flag("add_bias_linear"), not config.flag("rmsnorm", default=True)
    qkv_bias = config.flag("add_qkv_bias") or bias
    norms = tuple(
        Norm(name, (source,), hidden, layer_norm=layer_norm, bias=layer_norm)
        for name, source in (("input_layernorm", HIDDEN), ("post_attention_layernorm", "attn_add"))
    )
    attention_rows = fused_attention(
        d, "input_layernorm", names=("query_key_value", "dense"), bias=qkv_bias, out_bias=bias, rotary_size=size // 2
    )
    mlp_rows = fused_gated_mlp(d, "post_attention_layernorm", "silu", ("dense_h_to_4h", "dense_4h_to_h"), bias=bias)
    yield Block("embedding", 1, (Embedding("word_embeddings", (), d.vocabulary, hidden),))
    yield sequential(("layers", layers), hidden, attention_rows, mlp_rows, (norms[0], norms[1]))
    tied = config.flag("tie_word_embeddings")
    yield head(d, norm="final_layernorm", name="output_layer", tied=tied, layer_norm=layer_norm)
