"""Qwen3-VL with experts (arXiv 2511.21631): Qwen 3 with experts behind the tower of Qwen3-VL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import qwen3_moe, qwen3_vl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("qwen3_vl_moe",)
SPELLINGS = qwen3_vl.SPELLINGS | {"text_config": qwen3_moe.SPELLINGS}
DEFAULTS = {"qwen3_vl_moe": {"vision_config": qwen3_vl.TOWER | qwen3_vl.DEEPSTACK}}
vision = qwen3_vl.vision


def blocks(config: Config) -> Iterator[Block]:
    """Blocks of the text, in forward order."""
    return qwen3_moe.blocks(config.part("text_config"), tied=qwen3_vl.tied(config))
