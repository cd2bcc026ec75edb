"""Kimi K2.5 (Moonshot AI 2026): Kimi K2, which reads images through a tower."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import MOONVIT, moonvit
from . import deepseek_v2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block, Tower

MODEL_TYPES = ("kimi_k25",)
DEFAULTS = {"kimi_k25": {"tie_word_embeddings": True, "text_config": deepseek_v2.OF_V3, "vision_config": MOONVIT}}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks of the text, in forward order."""
    config.part("text_config").ignore("tie_word_embeddings")  # the whole says it
    return deepseek_v2.blocks(config.part("text_config"), tied=config.flag("tie_word_embeddings"))


def vision(config: Config) -> Tower | None:
    """The tower."""
    return moonvit(config)
