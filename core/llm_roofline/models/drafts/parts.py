"""What drafts share: the model's embedding and head, the first of their layers, and the projection before them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...operators import Embedding, Head, Linear
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ...operators import Operator

FUSION = "fusion"


def embedding(blocks: Iterable[Block]) -> Embedding:
    """The table of tokens, whose weights are those of the model that the draft guesses for."""
    found = next(op for block in blocks for op in block.operators if isinstance(op, Embedding))
    return replace(found, tied=True)


def head(blocks: Iterable[Block]) -> Head | None:
    """The head of a language model; None where there is none."""
    return next((op for block in blocks for op in block.operators if isinstance(op, Head)), None)


def projection(
    width_in: int, width_out: int, inputs: tuple[str, ...], name: str = "fc", *, bias: bool = False
) -> Linear:
    """The projection of features onto the hidden size; quantisers leave it alone."""
    return Linear(name, inputs, width_in, width_out, "draft projection", bias, stored="wide")


def with_fusion(
    blocks: tuple[Block, ...],
    fusion: tuple[Operator, ...],
    first_layer: Callable[[tuple[Operator, ...]], tuple[Operator, ...]] | None = None,
) -> tuple[Block, ...]:
    """Embedding, what merges it with the model's features, then the layers, of which the first may be another.

    Parameters
    ----------
    blocks : tuple of Block
        The family's blocks.
    fusion : tuple of Operator
        What stands before the layers.
    first_layer : callable, optional
        Returns the operators of the first layer, given those of the family.
    """
    table, layers = embedding(blocks), [block for block in blocks if block.is_numbered]
    rest = tuple(block for block in blocks if not block.is_numbered)[1:]
    if first_layer is not None:
        layers = _first_apart(layers, first_layer)
    return Block("embedding", 1, (table,)), Block(FUSION, 1, fusion), *layers, *rest


def _first_apart(layers: list[Block], change: Callable[[tuple[Operator, ...]], tuple[Operator, ...]]) -> list[Block]:
    """Blocks of which the one that holds the first layer has lost it to a block of its own."""
    first = next(block for block in layers if not block.places or 0 in block.places)
    changed = Block(
        "first of the layers" if len(layers) > 1 or first.layers > 1 else first.name, 1, change(first.operators), (0,)
    )
    others = [
        replace(block, layers=block.layers - (block is first), places=places)
        for block, places in zip(layers, _places(layers), strict=True)
        if block is not first or block.layers > 1
    ]
    return [changed, *others]


def _places(layers: list[Block]) -> list[tuple[int, ...]]:
    """Places of the layers of each block but for the first of all."""
    found, following = [], 0
    for block in layers:
        places = block.places or range(following, following + block.layers)
        following += block.layers
        found.append(tuple(place for place in places if place))
    return found
