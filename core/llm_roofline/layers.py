"""Parts of a layer that several families share, as rows in forward order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .model import Block
from .operators import HIDDEN, Activation, Attention, Embedding, Head, Linear, Norm, Operator, ResidualAdd, Rope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .config import Config

PROJECTION, MLP = "attention projection", "mlp"
ACTIVATIONS = {
    "silu": "silu",
    "swish": "silu",
    "gelu": "gelu",
    "gelu_new": "gelu",
    "gelu_fast": "gelu",
    "gelu_pytorch_tanh": "gelu",
    "relu": "relu",
}
"""Activation functions by the names that configurations use."""


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The dimensions of a decoder.

    Parameters
    ----------
    hidden, layers, heads, kv_heads, head_size, ffn, vocabulary : int
        Hidden size, layers, query heads, KV heads, elements of a head, FFN width, rows of the vocabulary [1].
    """

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_size: int
    ffn: int
    vocabulary: int

    @property
    def query_width(self) -> int:
        """Elements of the queries of a token [1]."""
        return self.heads * self.head_size

    @property
    def kv_width(self) -> int:
        """Elements of the keys of a token, and of its values [1]."""
        return self.kv_heads * self.head_size


def dimensions(config: Config, *, head_size: int | None = None, kv_heads_stated: bool = False) -> Dimensions:
    """Dimensions under the keys that most families use; a head's size is the configuration's own where it says one.

    Parameters
    ----------
    config : Config
        The configuration.
    head_size : int, optional
        What the family takes where ``head_dim`` is missing [1]; left out, hidden size by heads.
    kv_heads_stated : bool
        The family's default of KV heads is that of one checkpoint, so that a configuration must state them.
    """
    hidden = config.count("hidden_size")
    heads = config.count("num_attention_heads")
    kv_heads = (
        config.count("num_key_value_heads") if kv_heads_stated else config.count("num_key_value_heads", default=heads)
    )
    config.divides("num_key_value_heads", kv_heads, "num_attention_heads", heads)
    head_size = (
        config.optional_count("head_dim")
        or head_size
        or config.divides("num_attention_heads", heads, "hidden_size", hidden)
    )
    layers, ffn, vocabulary = (config.count(key) for key in ("num_hidden_layers", "intermediate_size", "vocab_size"))
    return Dimensions(hidden, layers, heads, kv_heads, head_size, ffn, vocabulary)


def dimensions_of_gpt2(config: Config) -> Dimensions:
    """Dimensions under the keys of GPT-2, with heads of keys and values for every query head."""
    hidden, heads = config.count("n_embd", "hidden_size"), config.count("n_head", "num_attention_heads")
    size = config.divides("n_head", heads, "n_embd", hidden)
    ffn = config.count("n_inner", default=4 * hidden)
    layers, vocabulary = config.count("n_layer", "num_hidden_layers"), config.count("vocab_size")
    return Dimensions(hidden, layers, heads, heads, size, ffn, vocabulary)


def attention(  # noqa: PLR0913 - families differ in all of these
    d: Dimensions,
    source: str,
    *,
    qkv_bias: bool = False,
    out_bias: bool = False,
    qk_norm: bool = False,
    rotary: bool = True,
    rotary_size: int | None = None,
    window: int | None = None,
    out_name: str = "o_proj",
) -> Iterator[Operator]:
    """Attention with a projection each for queries, keys and values.

    ``rotary_size`` elements of a head are rotated, or all [1].
    """
    q, k, v = "q_proj", "k_proj", "v_proj"
    turned = rotary or qk_norm
    size = d.head_size if rotary_size is None else rotary_size
    yield Linear(q, (source,), d.hidden, d.query_width, PROJECTION, bias=qkv_bias, to_product=not turned)
    rotated = d.kv_heads * size * rotary
    yield Linear(k, (source,), d.hidden, d.kv_width, PROJECTION, bias=qkv_bias, cached=d.kv_width, rotated=rotated)
    yield Linear(v, (source,), d.hidden, d.kv_width, PROJECTION, bias=qkv_bias, cached=d.kv_width)
    if qk_norm:
        yield Norm("q_norm", (q,), d.query_width, groups=d.heads, role="query")
        yield Norm("k_norm", (k,), d.kv_width, groups=d.kv_heads, role="key")
        q, k = "q_norm", "k_norm"
    if rotary:
        yield Rope("rotary_emb", (q, k), d.heads * size, d.kv_heads * size)
        q = k = "rotary_emb"
    yield Attention("attention", tuple(dict.fromkeys((q, k, v))), d.heads, d.kv_heads, d.head_size, d.head_size, window)
    yield Linear(out_name, ("attention",), d.query_width, d.hidden, PROJECTION, bias=out_bias)


def fused_attention(  # noqa: PLR0913 - likewise
    d: Dimensions,
    source: str,
    *,
    names: tuple[str, str],
    bias: bool = False,
    out_bias: bool = False,
    rotary_size: int = 0,
    window: int | None = None,
) -> Iterator[Operator]:
    """Attention with one projection for queries, keys and values.

    ``rotary_size`` elements of a head are rotated [1].
    """
    qkv, out = names
    yield Linear(
        qkv,
        (source,),
        d.hidden,
        d.query_width + 2 * d.kv_width,
        PROJECTION,
        bias=bias,
        cached=2 * d.kv_width,
        rotated=d.kv_heads * rotary_size,
        to_product=not rotary_size,
    )
    query = qkv
    if rotary_size:
        query = "rotary_emb"
        yield Rope(query, (qkv,), d.heads * rotary_size, d.kv_heads * rotary_size)
    yield Attention(
        "attention", tuple(dict.fromkeys((query, qkv))), d.heads, d.kv_heads, d.head_size, d.head_size, window
    )
    yield Linear(out, ("attention",), d.query_width, d.hidden, PROJECTION, bias=out_bias)


def gated_mlp(d: Dimensions, source: str, function: str, *, bias: bool = False) -> Iterator[Operator]:
    """Feed-forward network with a gate, a projection each for gate and up (arXiv 2002.05202)."""
    yield Linear("gate_proj", (source,), d.hidden, d.ffn, MLP, bias=bias)
    yield Linear("up_proj", (source,), d.hidden, d.ffn, MLP, bias=bias)
    yield Activation("act_fn", ("gate_proj", "up_proj"), d.ffn, d.hidden, function, gated=True)
    yield Linear("down_proj", ("act_fn",), d.ffn, d.hidden, MLP, bias=bias)


def fused_gated_mlp(
    d: Dimensions, source: str, function: str, names: tuple[str, str], *, bias: bool = False
) -> Iterator[Operator]:
    """Feed-forward network with a gate, one projection for gate and up."""
    up, down = names
    yield Linear(up, (source,), d.hidden, 2 * d.ffn, MLP, bias=bias)
    yield Activation("act_fn", (up,), d.ffn, d.hidden, function, gated=True)
    yield Linear(down, ("act_fn",), d.ffn, d.hidden, MLP, bias=bias)


def plain_mlp(
    d: Dimensions, source: str, function: str, names: tuple[str, str], *, bias: bool = True
) -> Iterator[Operator]:
    """Feed-forward network of two projections."""
    up, down = names
    yield Linear(up, (source,), d.hidden, d.ffn, MLP, bias=bias)
    yield Activation("act_fn", (up,), d.ffn, d.hidden, function, gated=False)
    yield Linear(down, ("act_fn",), d.ffn, d.hidden, MLP, bias=bias)


def position_embedding(d: Dimensions, names: tuple[str, str], positions: int) -> tuple[Operator, ...]:
    """Embeddings of tokens and of learned positions, and their sum."""
    tokens, places = names
    return (
        Embedding(tokens, (), d.vocabulary, d.hidden),
        Embedding(places, (), positions, d.hidden),
        ResidualAdd("embed_add", names, d.hidden),
    )


def head(  # noqa: PLR0913 - likewise
    d: Dimensions, *, norm: str, name: str = "lm_head", tied: bool, layer_norm: bool = False, bias: bool = False
) -> Block:
    """The final norm and the projection onto the vocabulary; the norm has a bias if it is a LayerNorm."""
    return Block(
        "head",
        1,
        (
            Norm(norm, (HIDDEN,), d.hidden, layer_norm=layer_norm, bias=layer_norm, role="final"),
            Head(name, (norm,), d.hidden, d.vocabulary, tied, bias),
        ),
    )


def sequential(
    block: tuple[str, int],
    width: int,
    attention_rows: Iterable[Operator],
    mlp_rows: Iterable[Operator],
    norms: tuple[Norm, Norm],
) -> Block:
    """Layers in which attention and then the feed-forward network add to the residual stream, each behind its norm."""
    first, second = tuple(attention_rows), tuple(mlp_rows)
    rows = (
        norms[0],
        *first,
        ResidualAdd("attn_add", (HIDDEN, first[-1].name), width),
        norms[1],
        *second,
        ResidualAdd("mlp_add", ("attn_add", second[-1].name), width),
    )
    return Block(*block, rows)


def rms_norm_decoder(
    d: Dimensions,
    attention_rows: Callable[[int | None], Iterable[Operator]],
    mlp_rows: Iterable[Operator],
    *,
    tied: bool,
    groups: Sequence[tuple[str, int, int | None]],
) -> Iterator[Block]:
    """The decoder of Llama and of those that follow it: RMSNorm before attention, before the network and at the end.

    Parameters
    ----------
    d : Dimensions
        Its dimensions.
    attention_rows : callable
        Attention of a layer, given the width of its window [token].
    mlp_rows : iterable of Operator
        The feed-forward network.
    tied : bool
        The head shares the embedding's weights.
    groups : sequence of tuple
        Name, layers [1] and window [token] of each group of equal layers.
    """
    network = tuple(mlp_rows)
    norms = Norm("input_layernorm", (HIDDEN,), d.hidden), Norm("post_attention_layernorm", ("attn_add",), d.hidden)
    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    for name, layers, window in groups:
        if layers:
            yield sequential((name, layers), d.hidden, attention_rows(window), network, norms)
    yield head(d, norm="norm", tied=tied)


def late_windows(config: Config, layers: int) -> list[tuple[str, int, int | None]]:
    """Groups of Qwen's layers: with ``use_sliding_window``, those from ``max_window_layers`` on have a window."""
    window, first = config.optional_count("sliding_window"), config.count("max_window_layers", default=None, least=0)
    if not config.flag("use_sliding_window") or window is None:
        return [("layers", layers, None)]
    full = min(layers if first is None else first, layers)
    return [("full layers", full, None), ("sliding layers", layers - full, window)]
