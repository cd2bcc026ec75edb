"""DFlash (arXiv 2602.06036): layers that guess a block of tokens in one pass, with the model's features in their cache.

Embedding and head are the model's. Keys and values of the features are made by the projections of those of the tokens.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...basics import shown
from ...operators import Head, Norm
from .eagle3 import features
from .parts import embedding, projection, with_fusion

if TYPE_CHECKING:
    from ..config import Config
    from ..model import Block

OTHER_KEYS = ("attention_mode", "attention_modes", "conv_kernel_size", "gru_hidden_dim", "markov_rank", "selector_rank")
"""Keys of variants that have further weights."""


def blocks(config: Config, family: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks in forward order.

    Parameters
    ----------
    config : Config
        The configuration.
    family : tuple of Block
        A whole model of the draft's family.
    """
    inner = config.part("dflash_config") if config.fields.get("dflash_config") is not None else config
    inner.ignore("causal", "prefix_weight_base", "training_mode", "use_aux_hidden_state")
    stated = {**config.fields, **inner.fields}
    if stated.get("projector_type") not in (None, "dflash"):
        config.problem(
            f"'projector_type' of a DFlash draft must be 'dflash' (got {shown(stated['projector_type'])}); "
            "others have further heads, which are not understood."
        )
    for key in OTHER_KEYS:
        if stated.get(key):
            config.problem(
                f"{key!r} = {shown(stated[key])} of a DFlash draft is not understood; drafts without it are."
            )
    layers = sum(block.layers for block in family if block.is_numbered)
    hidden = embedding(family).width
    wide = features(config, "dflash_config", layers) * config.count("target_hidden_size", default=hidden)
    fusion = projection(wide, hidden, ()), Norm("hidden_norm", ("fc",), hidden)
    return tuple(
        replace(
            block, operators=tuple(replace(op, tied=True) if isinstance(op, Head) else op for op in block.operators)
        )
        for block in with_fusion(family, fusion)
    )
