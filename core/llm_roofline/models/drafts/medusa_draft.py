"""Medusa (arXiv 2401.10774): heads on the model's last hidden state, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import medusa_heads
from ..model import Block

if TYPE_CHECKING:
    from ..config import Config


def blocks(config: Config, _: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks in forward order.

    Parameters
    ----------
    config : Config
        The configuration.
    """
    vocabulary = config.count("truncated_vocab_size", "vocab_size")
    heads = medusa_heads(
        config.count("num_heads", "medusa_num_heads"),
        config.count("hidden_size"),
        vocabulary,
        (),
        layers=config.count("num_hidden_layers", "medusa_num_layers", default=1),
        bias=config.flag("medusa_fc_bias"),
    )
    return (Block("heads", 1, tuple(heads)),)
