"""What one of the layers that predict further tokens consists of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...operators import Elementwise, Head
from ..config import Config
from ..families import families
from ..model import numbered
from .parts import embedding

if TYPE_CHECKING:
    from ...operators import Operator
    from ..model import Block


class PredictingModule(NamedTuple):
    """What one of the layers consists of: layers of the model's kind, and what stands around them.

    Parameters
    ----------
    layers : tuple
        Operators of each layer of the model's kind, in forward order.
    final : tuple of Operator
        What leads to the head.
    streams : int
        Streams of the residual [1].
    """

    layers: tuple[tuple[Operator, ...], ...]
    final: tuple[Operator, ...]
    streams: int


def predicting_module(
    config: Config, blocks: tuple[Block, ...], model_type: str, layers: int
) -> PredictingModule | str:
    """One of the layers, as the last one of the model or as its family says; or why it is not understood.

    Parameters
    ----------
    config : Config
        The configuration of the model.
    blocks : tuple of Block
        Its blocks, in forward order.
    model_type : str
        What it calls itself.
    layers : int
        How many of them there are [1].
    """
    family = families().get(model_type)
    stack, each = blocks, 0
    if family and family.predicting:
        own = Config({**config.fields, **family.predicting(config, layers)}, config.path)
        stack = tuple(family.blocks(own))
        if own.problems:
            return own.problems[0].removeprefix(f"{own.path}: ").removesuffix(".")
        each = sum(block.layers for block in stack if block.is_numbered) // layers
    rows = {place: block.operators for block, places in numbered(stack) for place in places}
    ordered = [rows[place] for place in sorted(rows)]
    last = tuple(ordered[-(each or 1) :])
    if each and last * layers != tuple(ordered):
        return "they differ from one another"
    final = [op for block in stack[-1:] for op in block.operators if not isinstance(op, Head)]
    streams = next((op.width_out for op in stack[0].operators if isinstance(op, Elementwise)), 0)
    return PredictingModule(last, tuple(final), max(streams // embedding(stack).width, 1))
