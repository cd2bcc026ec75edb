"""EAGLE-3 (arXiv 2503.01840): a projection of the features of three layers, and a layer that reads them and the token.

The projections of attention read both, so that they are twice as wide; the head may have a vocabulary of its own.
P-EAGLE (arXiv 2602.01469) has further layers behind that one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...operators import HIDDEN, Head, Linear, Norm
from .parts import embedding, projection, with_fusion

if TYPE_CHECKING:
    from ...operators import Operator
    from ..config import Config
    from ..model import Block

FEATURES = 3  # layers of the model whose results are read, where the configuration does not say


def blocks(config: Config, family: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks in forward order.

    Parameters
    ----------
    config : Config
        The configuration.
    family : tuple of Block
        A whole model of the draft's family.
    """
    config.ignore("sliding_window", "use_sliding_window")  # the one layer sees everything
    table = embedding(family)
    hidden, wide = (
        table.width,
        features(config, "eagle_config", FEATURES) * config.count("target_hidden_size", default=table.width),
    )
    normed = config.flag("norm_before_fc", "fc_norm")
    fusion: tuple[Operator, ...] = (projection(wide, hidden, ("input_norm",) if normed else ()),)
    if normed:
        fusion = Norm("input_norm", (), wide), *fusion
    if not _aside(config, "eagle_config").flag("use_aux_hidden_state", default=True):
        fusion = ()
    return tuple(
        replace(block, operators=tuple(_own_head(config, operator) for operator in block.operators))
        for block in with_fusion(family, fusion, lambda layer: _merging(layer, table.name, hidden))
        if block.operators
    )


def features(config: Config, part: str, default: int) -> int:
    """Layers of the model whose results are read: as many as a list of the configuration names [1]."""
    keys = ("target_layer_ids", "eagle_aux_hidden_state_layer_ids", "aux_hidden_state_layer_ids")
    stated = (fields.sequence(key) for fields in (_aside(config, part), config) for key in keys)
    named = [len(layers) for layers in stated if layers]
    return named[0] if named else config.count("num_aux_hidden_states", default=default)


def _aside(config: Config, part: str) -> Config:
    """A part of the configuration, or the whole where it has none."""
    return config.part(part) if config.fields.get(part) is not None else config


def _merging(layer: tuple[Operator, ...], table: str, hidden: int) -> tuple[Operator, ...]:
    """The layer whose first norm is on the token, beside one on the features; attention reads both."""
    first, *others = layer
    own = replace(first, inputs=(table,))
    features_norm = Norm("hidden_norm", (HIDDEN,), hidden)
    merged = (
        replace(op, width_in=2 * op.width_in, inputs=(first.name, features_norm.name))
        if isinstance(op, Linear) and op.inputs == (first.name,)
        else op
        for op in others
    )
    return own, features_norm, *merged


def _own_head(config: Config, operator: Operator) -> Operator:
    """The head, which is not the model's but where the configuration says so, and may be of fewer tokens."""
    if not isinstance(operator, Head):
        return operator
    vocabulary = config.count("draft_vocab_size", "truncated_vocab_size", default=operator.vocabulary)
    return replace(operator, vocabulary=vocabulary, tied=config.flag("reuse_target_lm_head"))
