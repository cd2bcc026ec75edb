"""Falcon 1 and 2 (arXiv 2311.16867): few KV heads, attention and network side by side behind one norm or one each.

The models that were made to compare data sets, Falcon-RW, have ALiBi and one part after the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Embedding, Norm
from ..layers import ACTIVATIONS, Dimensions, fused_attention, head, layer_norm_decoder, parallel_layer, plain_mlp
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("falcon",)
NAMES = "query_key_value", "dense"
SEQUENTIAL = "input_layernorm", "post_attention_layernorm", "ln_f"
ONE, TWO = ("input_layernorm",), ("ln_attn", "ln_mlp")


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    grouped = config.flag("new_decoder_architecture")
    d = _dimensions(config, grouped=grouped)
    names = _norms(config, grouped=grouped)
    alibi, bias = config.flag("alibi"), config.flag("bias")
    rotary = d.head_size * (not alibi)
    attention_rows = fused_attention(
        d, names[0], names=NAMES, bias=bias, out_bias=bias, rotary_size=rotary, alibi=alibi
    )
    function = config.choice("activation", among=ACTIVATIONS, default="gelu")
    network = plain_mlp(d, names[-1], function, ("dense_h_to_4h", "dense_4h_to_h"), bias=bias)
    embedding = (Embedding("word_embeddings", (), d.vocabulary, d.hidden),)
    tied = config.flag("tie_word_embeddings", default=True)
    if names == SEQUENTIAL[:2]:
        yield from layer_norm_decoder(d, embedding, attention_rows, network, norms=SEQUENTIAL, tied=tied)
        return
    norms = [Norm(name, (HIDDEN,), d.hidden, layer_norm=True, bias=True) for name in names]
    yield Block("embedding", 1, embedding)
    yield Block("layers", d.layers, parallel_layer(d.hidden, norms, attention_rows, network))
    yield head(d, norm="ln_f", tied=tied, layer_norm=True)


def _dimensions(config: Config, *, grouped: bool) -> Dimensions:
    hidden, heads = config.count("hidden_size", "n_embed"), config.count("num_attention_heads", "n_head")
    size = config.divides("num_attention_heads", heads, "hidden_size", hidden)
    if grouped:
        config.ignore("multi_query")  # groups say it
        kv_heads = config.count("num_kv_heads", default=heads)
        config.divides("num_kv_heads", kv_heads, "num_attention_heads", heads)
    else:
        config.ignore("num_kv_heads")  # one or all
        kv_heads = 1 if config.flag("multi_query", default=True) else heads
    ffn = config.count("ffn_hidden_size", default=4 * hidden)
    layers, vocabulary = config.count("num_hidden_layers", "n_layer"), config.count("vocab_size")
    return Dimensions(hidden, layers, heads, kv_heads, size, ffn, vocabulary)


def _norms(config: Config, *, grouped: bool) -> tuple[str, ...]:
    """Names of the norms of a layer; with groups of heads it is always parallel, and may have two only then."""
    parallel = config.flag("parallel_attn", default=True) or grouped
    norms = config.count("num_ln_in_parallel_attn", default=1 + grouped)
    if norms > 1 + grouped:
        config.problem(f"'num_ln_in_parallel_attn' must be at most {1 + grouped} here (got {norms:,}).")
    if not parallel:
        return SEQUENTIAL[:2]
    return ONE if norms == 1 else TWO
