"""The lightning indexer, which selects the keys that a query of latent attention sees (DeepSeek-V3.2-Exp)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..operators import Indexer, Linear, Norm, Rope
from .attention import PROJECTION, STORED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..operators import Operator
    from .latent import Latent


class Selection(NamedTuple):
    """The dimensions of an indexer.

    Parameters
    ----------
    heads, head_size : int
        Its heads, and elements of its queries and of the key that they share [1].
    selected : int
        Keys that a query selects [token].
    """

    heads: int
    head_size: int
    selected: int


def indexer(m: Latent, selection: Selection, source: str) -> Iterator[Operator]:
    """Queries from the latent of those of attention, one key, a weight for each head, and the choice of keys.

    The Hadamard transform of queries and keys, which only helps their quantisation, is left out.
    """
    heads, size, selected = selection
    q, k, weights, turned = "indexer.wq_b", "indexer.wk", "indexer.weights_proj", "indexer.rotary_emb"
    yield Linear(q, ("q_a_layernorm",), m.query_latent, heads * size, PROJECTION, stored=STORED)
    yield Linear(k, (source,), m.hidden, size, PROJECTION, cached=size, rotated=m.rotated, stored=STORED)
    yield Norm("indexer.k_norm", (k,), size, layer_norm=True, bias=True, role="key")
    yield Rope(turned, (q, "indexer.k_norm"), heads * m.rotated, m.rotated)
    yield Linear(weights, (source,), m.hidden, heads, PROJECTION, stored="wide")
    yield Indexer("indexer", (q, turned, weights), heads, size, selected)
