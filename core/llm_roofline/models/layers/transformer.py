"""Layers of the original Transformer (arXiv 1706.03762): attention to oneself, and of a decoder to its encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...operators import HIDDEN, Attention, BiasedAttention, Linear, ResidualAdd
from ..model import Block
from .attention import PROJECTION, STORED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ...operators import Norm, Operator
    from .dimensions import Dimensions


class Part(NamedTuple):
    """A part of a layer that adds to the residual stream.

    Parameters
    ----------
    name, norm : str
        Its name, and that of its norm.
    rows : callable
        Its operators, given the name of what they read.
    """

    name: str
    norm: str
    rows: Callable[[str], Iterable[Operator]]


def layer(
    width: int, norm: Callable[[str, str], Norm], parts: Iterable[Part], *, norm_first: bool = True
) -> Iterator[Operator]:
    """A layer of parts one after the other, each behind its norm, or each before it as in the original.

    Parameters
    ----------
    width : int
        Hidden size [1].
    norm : callable
        A norm, given its name and that of what it reads.
    parts : iterable of Part
        Attention, cross attention, the feed-forward network.
    norm_first : bool
        The norm is on what a part reads, not on the sum with its result.
    """
    stream = HIDDEN
    for part in parts:
        source, add = stream, f"{part.name}_add"
        if norm_first:
            source = part.norm
            yield norm(source, stream)
        rows = tuple(part.rows(source))
        yield from rows
        yield ResidualAdd(add, (stream, rows[-1].name), width)
        stream = add
        if not norm_first:
            stream = part.norm
            yield norm(stream, add)


class Projections(NamedTuple):
    """The projections of attention by the names of a checkpoint.

    Parameters
    ----------
    query, key, value, out : str
        Their names.
    bias, key_bias : bool
        They have biases; that of the keys has one.
    """

    query: str
    key: str
    value: str
    out: str
    bias: bool = False
    key_bias: bool = False


def self_attention(d: Dimensions, source: str, p: Projections, *, reach: str, buckets: int = 0) -> Iterator[Operator]:
    """Attention to itself.

    Parameters
    ----------
    d : Dimensions
        Its dimensions.
    source : str
        The operator whose result it reads.
    p : Projections
        Its projections.
    reach : str
        ``"causal"`` in a decoder, ``"both ways"`` in an encoder.
    buckets : int
        Buckets of distances that have biases, in an operator ``relative_attention_bias`` [1]; 0 for none.
    """
    cached = d.kv_width * (reach == "causal")
    made = not cached
    yield Linear(p.query, (source,), d.hidden, d.query_width, PROJECTION, p.bias, to_product=True, stored=STORED)
    for name, bias in ((p.key, p.key_bias), (p.value, p.bias)):
        yield Linear(
            name, (source,), d.hidden, d.kv_width, PROJECTION, bias, cached=cached, to_product=made, stored=STORED
        )
    inputs = p.query, p.key, p.value
    heads = d.heads, d.kv_heads, d.head_size, d.head_size
    if buckets:
        biased = "relative_attention_bias", *inputs
        yield BiasedAttention("attention", biased, *heads, reach=reach, buckets=buckets)
    else:
        yield Attention("attention", inputs, *heads, reach=reach)
    yield Linear(p.out, ("attention",), d.query_width, d.hidden, PROJECTION, p.bias, stored=STORED)


def cross_attention(d: Dimensions, source: str, p: Projections) -> Iterator[Operator]:
    """Attention to the encoder's source, whose keys and values :func:`source_cache` has left in the cache."""
    yield Linear(p.query, (source,), d.hidden, d.query_width, PROJECTION, p.bias, to_product=True, stored=STORED)
    heads = d.heads, d.kv_heads, d.head_size, d.head_size
    yield Attention("cross_attention", (p.query,), *heads, reach="source")
    yield Linear(p.out, ("cross_attention",), d.query_width, d.hidden, PROJECTION, p.bias, stored=STORED)


def source_cache(d: Dimensions, p: Projections) -> Block:
    """Keys and values of the source for every layer of the decoder, which the encoder's pass computes once.

    Parameters
    ----------
    d : Dimensions
        Dimensions of the decoder.
    p : Projections
        Projections of its cross attention.
    """
    return Block(
        "cross attention",
        d.layers,
        tuple(
            Linear(name, (HIDDEN,), d.hidden, d.kv_width, PROJECTION, bias, cached=d.kv_width, stored=STORED)
            for name, bias in ((p.key, p.key_bias), (p.value, p.bias))
        ),
    )
