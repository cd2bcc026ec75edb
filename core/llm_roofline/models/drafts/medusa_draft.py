"""Medusa (arXiv 2401.10774): heads on the model's last hidden state, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import medusa_heads
from ..model import Block

if TYPE_CHECKING:
    from ..config import Config

MOST = 1_000  # layers of all heads, each an operator of its own; released drafts have five or fewer


def blocks(config: Config, _: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks in forward order.

    Parameters
    ----------
    config : Config
        The configuration.
    """
    vocabulary = config.count("truncated_vocab_size", "vocab_size")
    heads = config.count("num_heads", "medusa_num_heads")
    layers = config.count("num_hidden_layers", "medusa_num_layers", default=1)
    if heads * layers > MOST:
        config.problem(
            f"heads of a Medusa draft must have at most {MOST:,} layers in all (got {heads:,} x {layers:,})."
        )
        heads = layers = 1
    operators = medusa_heads(
        heads, config.count("hidden_size"), vocabulary, (), layers=layers, bias=config.flag("medusa_fc_bias")
    )
    return (Block("heads", 1, tuple(operators)),)
