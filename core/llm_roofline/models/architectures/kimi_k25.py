"""Kimi K2.5 (Moonshot AI 2026): Kimi K2, which reads images through a tower."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import moonvit
from . import deepseek_v2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block, Tower

MODEL_TYPES = ("kimi_k25",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks of the text, in forward order."""
    return deepseek_v2.blocks(config.part("text_config"))


def vision(config: Config) -> Tower | None:
    """The tower."""
    return moonvit(config)
