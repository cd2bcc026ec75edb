"""Lightning indexers, which select the keys that a query sees: single ones, or blocks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...operators import Indexer, Linear, Norm, Rope
from .attention import PROJECTION, STORED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from .latent import Latent


class Selection(NamedTuple):
    """The dimensions of an indexer.

    Parameters
    ----------
    heads, head_size : int
        Its heads, and elements of its queries and of the key that they share [1].
    selected : int
        Keys that a query selects [token].
    block : int
        Keys that are selected together [token].
    """

    heads: int
    head_size: int
    selected: int
    block: int = 1


def indexer(m: Latent, selection: Selection, source: str) -> Iterator[Operator]:
    """Queries from the latent of those of attention, one key, a weight for each head, and the choice of keys.

    Source: DeepSeek-V3.2-Exp technical report, section 1.
    The Hadamard transform of queries and keys, which only helps their quantisation, is left out.
    """
    heads, size, selected, _ = selection
    q, k, weights, turned = "indexer.wq_b", "indexer.wk", "indexer.weights_proj", "indexer.rotary_emb"
    yield Linear(q, ("q_a_layernorm",), m.query_latent, heads * size, PROJECTION, stored=STORED)
    yield Linear(k, (source,), m.hidden, size, PROJECTION, cached=size, rotated=m.rotated, stored=STORED)
    yield Norm("indexer.k_norm", (k,), size, layer_norm=True, bias=True, role="key")
    yield Rope(turned, (q, "indexer.k_norm"), heads * m.rotated, m.rotated)
    yield Linear(weights, (source,), m.hidden, heads, PROJECTION, stored="wide")
    yield Indexer("indexer", (q, turned, weights), heads, size, selected)


def block_indexer(hidden: int, rotary: int, selection: Selection, source: str) -> Iterator[Operator]:
    """Queries, one key, norms of both, and each head's choice of blocks of keys (MiniMax M3).

    Parameters
    ----------
    hidden, rotary : int
        Hidden size, and elements of a query and of the key that are rotated [1].
    selection : Selection
        Its dimensions.
    source : str
        The operator whose result it reads.
    """
    heads, size, selected, block = selection
    q, k, turned = "indexer.q_proj", "indexer.k_proj", "indexer.rotary_emb"
    yield Linear(q, (source,), hidden, heads * size, PROJECTION, stored=STORED)
    yield Linear(k, (source,), hidden, size, PROJECTION, cached=size, rotated=rotary, stored=STORED)
    yield Norm("indexer.q_norm", (q,), heads * size, groups=heads, role="query")
    yield Norm("indexer.k_norm", (k,), size, role="key")
    yield Rope(turned, ("indexer.q_norm", "indexer.k_norm"), heads * rotary, rotary)
    yield Indexer("indexer", ("indexer.q_norm", turned), heads, size, selected, block)
