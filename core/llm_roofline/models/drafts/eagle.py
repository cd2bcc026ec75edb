"""EAGLE and EAGLE-2 (arXiv 2401.15077, 2406.16858): a projection of the token and the model's last features, one layer.

The layer has no norm before its attention, there is no last norm, and the head is the model's own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...operators import HIDDEN, Head
from .parts import embedding, projection, with_fusion

if TYPE_CHECKING:
    from ...operators import Operator
    from ..config import Config
    from ..model import Block


def blocks(config: Config, family: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks in forward order.

    Parameters
    ----------
    config : Config
        The configuration.
    family : tuple of Block
        A whole model of the draft's family.
    """
    table = embedding(family)
    fusion = projection(2 * table.width, table.width, (table.name,), bias=config.flag("eagle_fc_bias", "bias"))
    kept = with_fusion(family, (fusion,), _without_norm)
    return tuple(
        block if block.is_numbered or block.name != kept[-1].name else _head_alone(config, block) for block in kept
    )


def _without_norm(layer: tuple[Operator, ...]) -> tuple[Operator, ...]:
    first, *others = layer
    return tuple(
        replace(op, inputs=tuple(HIDDEN if name == first.name else name for name in op.inputs)) for op in others
    )


def _head_alone(config: Config, block: Block) -> Block:
    """The model's own head, of the tokens that the draft knows."""
    heads = tuple(
        replace(op, inputs=(HIDDEN,), tied=True, vocabulary=config.count("truncated_vocab_size", default=op.vocabulary))
        for op in block.operators
        if isinstance(op, Head)
    )
    return replace(block, operators=heads)
