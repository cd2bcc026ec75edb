"""Attention over depth (arXiv 2603.15031): a part of a layer reads a mixture of what blocks of layers have returned.

A token's embedding, the sums of the blocks before, and that of its own block so far are normalised, weighed by a
learned vector, and added by the softmax of these weights.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ...operators import HIDDEN, Elementwise, flop
from .stacking import residual_layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ...operators import Norm, Operator
    from ..model import Block

PARTS = "self_attention_res", "mlp_res"


class Sources(NamedTuple):
    """How many sums are mixed before attention and before the network, as a mean over layers [1]."""

    attention: float
    network: float


def mean_sources(places: Sequence[int], size: int) -> Sources:
    """Sums that layers mix.

    Parameters
    ----------
    places : sequence of int
        Where the layers stand in the stack, counted from 0.
    size : int
        Layers of a block [1].
    """
    before = [-(-place // size) + 1 if place else 0 for place in places]  # the first layer reads the embedding alone
    after = [place // size + 2 for place in places]
    return Sources(sum(before) / len(places), sum(after) / len(places))


def depth_attention(name: str, source: str, hidden: int, sources: float) -> Elementwise:
    """The mixture of a number of sums, by a norm and a vector of its own."""
    work = sources * (hidden * (flop.RMS_NORM + 2 + 2) + flop.SOFTMAX)  # a product with the vector, a weighted sum
    read, own = round(sources * hidden), 2 * hidden
    return Elementwise(name, (source,), read, hidden, round(work), "arXiv 2603.15031, section 3", own=own)


def depth_layer(
    width: int,
    attention_rows: Iterable[Operator],
    mlp_rows: Iterable[Operator],
    norms: tuple[Norm, Norm],
    sources: Sources,
) -> Iterator[Operator]:
    """A layer whose parts read mixtures; the sum of its block goes on as the residual stream does."""
    streams = HIDDEN, "attn_add"
    normed = tuple(replace(norm, inputs=(name,)) for norm, name in zip(norms, PARTS, strict=True))
    mixtures = {
        norm.name: depth_attention(*names, width, number)
        for norm, names, number in zip(norms, zip(PARTS, streams, strict=True), sources, strict=True)
    }
    for row in residual_layer(width, attention_rows, mlp_rows, (normed[0], normed[1])):
        if row.name in mixtures:
            yield mixtures[row.name]
        yield row


def depth_head(block: Block, hidden: int, sources: float) -> Block:
    """A head that reads a mixture as well."""
    mixture = depth_attention("output_attn_res", HIDDEN, hidden, sources)
    first, *rest = block.operators
    return replace(block, operators=(mixture, replace(first, inputs=(mixture.name,)), *rest))
