"""Kimi K3 (arXiv 2607.24653): Kimi Linear with experts on a latent and attention over depth; it reads images, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import moonvit
from . import kimi_linear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block, Tower

MODEL_TYPES = ("kimi_k3",)
UNQUANTISED = ("routed_expert_down_proj", "routed_expert_up_proj")  # stored as plain weights, named by no exception


def blocks(config: Config) -> Iterator[Block]:
    """Blocks of the text, in forward order."""
    return kimi_linear.blocks(config.part("text_config"))


def vision(config: Config) -> Tower | None:
    """The tower."""
    return moonvit(config)
