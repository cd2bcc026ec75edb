"""OPT (arXiv 2205.01068): learned positions, LayerNorm, ReLU, biases everywhere, a tied head.

The 350M model embeds at half its width, projects in and out, and puts its norms after the sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Embedding, Head, Linear, Norm, ResidualAdd
from ..layers import ACTIVATIONS, Dimensions, attention, plain_mlp, sequential
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("opt",)
OFFSET = 2  # rows of the position table before the first position, as in fairseq
PROJECTION = "embedding"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    hidden, heads = config.count("hidden_size"), config.count("num_attention_heads")
    config.ignore("num_key_value_heads")
    size = config.divides("num_attention_heads", heads, "hidden_size", hidden)
    layers, ffn, vocabulary = config.count("num_hidden_layers"), config.count("ffn_dim"), config.count("vocab_size")
    d = Dimensions(hidden, layers, heads, heads, size, ffn, vocabulary)
    width = config.count("word_embed_proj_dim", default=hidden)
    bias, before = config.flag("enable_bias", default=True), config.flag("do_layer_norm_before", default=True)
    if not config.flag("layer_norm_elementwise_affine", default=True):
        config.problem("'layer_norm_elementwise_affine' = False is not supported: norms here have weights.")
    final = before and not config.flag("_remove_final_layer_norm")
    tied = config.flag("tie_word_embeddings", default=True)
    function = config.choice("activation_function", among=ACTIVATIONS, default="relu")
    yield Block("embedding", 1, tuple(_embedding(d, width, config.count("max_position_embeddings", default=2048))))
    first, second = "self_attn_layer_norm", "final_layer_norm"
    into_attention, into_mlp = (first, second) if before else (HIDDEN, first)
    attention_rows = attention(d, into_attention, qkv_bias=bias, out_bias=bias, rotary=False, out_name="out_proj")
    mlp_rows = plain_mlp(d, into_mlp, function, ("fc1", "fc2"), bias=bias, gate=True)
    if before:
        norms = _norm(first, HIDDEN, d), _norm(second, "attn_add", d)
        yield sequential(("layers", layers), hidden, attention_rows, mlp_rows, norms)
    else:
        yield Block("layers", layers, tuple(_post_norm(d, attention_rows, mlp_rows)))
    yield Block("head", 1, tuple(_head(d, width, final=final, tied=tied)))


def _norm(name: str, source: str, d: Dimensions, role: str = "block") -> Norm:
    return Norm(name, (source,), d.hidden, layer_norm=True, bias=True, role=role)


def _post_norm(d: Dimensions, attention_rows: Iterator[Operator], mlp_rows: Iterator[Operator]) -> Iterator[Operator]:
    yield from attention_rows
    yield ResidualAdd("attn_add", (HIDDEN, "out_proj"), d.hidden)
    yield _norm("self_attn_layer_norm", "attn_add", d)
    yield from mlp_rows
    yield ResidualAdd("mlp_add", ("self_attn_layer_norm", "fc2"), d.hidden)
    yield _norm("final_layer_norm", "mlp_add", d)


def _embedding(d: Dimensions, width: int, positions: int) -> Iterator[Operator]:
    yield Embedding("embed_tokens", (), d.vocabulary, width)
    tokens = "embed_tokens"
    if width != d.hidden:
        tokens = "project_in"
        yield Linear(tokens, ("embed_tokens",), width, d.hidden, PROJECTION)
    yield Embedding("embed_positions", (), positions + OFFSET, d.hidden)
    yield ResidualAdd("embed_add", (tokens, "embed_positions"), d.hidden)


def _head(d: Dimensions, width: int, *, final: bool, tied: bool) -> Iterator[Operator]:
    source = HIDDEN
    if final:
        source = "decoder.final_layer_norm"
        yield _norm(source, HIDDEN, d, role="final")
    if width != d.hidden:
        yield Linear("project_out", (source,), d.hidden, width, PROJECTION)
        source = "project_out"
    yield Head("lm_head", (source,), width, d.vocabulary, tied)
