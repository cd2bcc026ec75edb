"""Compressed attention: keys that are their own values, near ones singly and far ones compressed (DeepSeek-V4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...operators import CompressedAttention, Compressor, Indexer, Linear, Norm, Rope
from .attention import PROJECTION, STORED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from .indexer import Selection

KV, COMPRESSOR, INDEX = "kv_proj", "compressor", "indexer"


@dataclass(frozen=True, slots=True)
class Compression:
    """The dimensions of compressed attention.

    Parameters
    ----------
    hidden, heads, head_size, rotated : int
        Hidden size, heads, elements of a query and of the one key of a token, and those of them that are rotated [1].
    query_latent : int
        Elements of the latent of queries [1].
    groups, group_size : int
        Groups of heads whose results are projected apart, and elements that each is projected to [1].
    window : int
        Keys that are not compressed [token].
    """

    hidden: int
    heads: int
    head_size: int
    rotated: int
    query_latent: int
    groups: int
    group_size: int
    window: int

    @property
    def query_width(self) -> int:
        """Elements of the queries of a token [1]."""
        return self.heads * self.head_size


def compressed_attention(m: Compression, source: str, ratio: int, selection: Selection | None) -> Iterator[Operator]:
    """Attention to the last keys, and to one for every so many tokens.

    Parameters
    ----------
    m : Compression
        Its dimensions.
    source : str
        The operator whose result it reads.
    ratio : int
        Tokens of a compressed key [token]; 0 where there are none.
    selection : Selection or None
        The indexer that selects among compressed keys; None where all are seen.
    """
    yield Linear("q_a_proj", (source,), m.hidden, m.query_latent, PROJECTION, stored=STORED)
    yield Norm("q_a_norm", ("q_a_proj",), m.query_latent)
    yield Linear("q_b_proj", ("q_a_norm",), m.query_latent, m.query_width, PROJECTION, stored=STORED)
    yield Norm("q_b_norm", ("q_b_proj",), m.query_width, groups=m.heads, role="query", affine=False)
    yield Linear(KV, (source,), m.hidden, m.head_size, PROJECTION, cached=m.head_size, rotated=m.rotated, stored=STORED)
    yield Norm("kv_norm", (KV,), m.head_size, role="key")
    yield Rope("rotary_emb", ("q_b_norm", "kv_norm"), m.heads * m.rotated, m.rotated)
    far: tuple[str, ...] = ()
    if ratio:
        yield from _compressor(m, COMPRESSOR, source, m.head_size, ratio, overlaps=selection is not None)
        far = (COMPRESSOR,)
    if selection is not None:
        yield from _indexer(m, source, ratio, selection)
        far = INDEX, COMPRESSOR
    sizes = m.heads, 1, m.head_size, m.head_size, m.window
    chosen = selection.selected if selection else None
    inputs = "q_b_norm", "rotary_emb", *far
    yield CompressedAttention("attention", inputs, *sizes, sinks=True, ratio=ratio, selected=chosen)
    yield Rope("attention.rotary_emb", ("attention",), m.heads * m.rotated, 0)  # turns back what values have of RoPE
    inner = m.groups * m.group_size
    seen = "attention", "attention.rotary_emb"
    yield Linear("o_a_proj", seen, m.query_width, inner, PROJECTION, groups=m.groups, to_product=True, stored=STORED)
    yield Linear("o_b_proj", ("o_a_proj",), inner, m.hidden, PROJECTION, stored=STORED)


def _compressor(  # noqa: PLR0913 - what attention and its indexer differ in
    m: Compression, name: str, source: str, size: int, ratio: int, *, overlaps: bool
) -> Iterator[Operator]:
    """Vectors and weights of tokens, which the checkpoint stores at 16 bit, and the keys that are made of them."""
    into = f"{name}.kv_proj", f"{name}.gate_proj"
    for projection in into:
        yield Linear(projection, (source,), m.hidden, size * (1 + overlaps), PROJECTION, stored="wide")
    yield Compressor(name, into, size, m.rotated, ratio, overlaps)


def _indexer(m: Compression, source: str, ratio: int, selection: Selection) -> Iterator[Operator]:
    heads, size, selected, _ = selection
    keys, q, turned, weights = f"{INDEX}.keys", f"{INDEX}.q_b_proj", f"{INDEX}.rotary_emb", f"{INDEX}.weights_proj"
    yield from _compressor(m, keys, source, size, ratio, overlaps=True)
    yield Linear(q, ("q_a_norm",), m.query_latent, heads * size, PROJECTION, stored=STORED)
    yield Rope(turned, (q,), heads * m.rotated, 0)
    yield Linear(weights, (source,), m.hidden, heads, PROJECTION, stored="wide")
    yield Indexer(INDEX, (q, turned, weights, keys), heads, size, selected, ratio=ratio)
