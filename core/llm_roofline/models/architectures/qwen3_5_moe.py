"""Qwen 3.5 with experts (Qwen Team 2026): Qwen3-Next behind the tower of Qwen3-VL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import qwen3_5, qwen3_next, qwen3_vl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("qwen3_5_moe",)
SPELLINGS = qwen3_vl.SPELLINGS
DEFAULTS = {
    "qwen3_5_moe": {"text_config": qwen3_next.DELTA | qwen3_next.SHARED, "vision_config": qwen3_vl.TOWER},
}
vision = qwen3_vl.vision


def blocks(config: Config) -> Iterator[Block]:
    """Blocks of the text, in forward order."""
    text, tied = qwen3_5.text(config)
    return qwen3_next.blocks(text, tied=tied, fused=False)
