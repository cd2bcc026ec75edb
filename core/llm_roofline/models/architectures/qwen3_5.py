"""Qwen 3.5, dense (Qwen Team 2026): Qwen3-Next's attention, a dense network, behind the tower of Qwen3-VL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, dimensions, gated_mlp, mixed_decoder
from . import qwen3_next, qwen3_vl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("qwen3_5", "qwen3_5_text")
SPELLINGS = qwen3_vl.SPELLINGS
DEFAULTS = {
    "qwen3_5": {"text_config": qwen3_next.DELTA, "vision_config": qwen3_vl.TOWER},
    "qwen3_5_text": qwen3_next.DELTA,
}
vision = qwen3_vl.vision


def blocks(config: Config) -> Iterator[Block]:
    """Blocks of the text, in forward order."""
    part, tied = text(config)
    d = dimensions(part, head_size=qwen3_next.HEAD_SIZE, kv_heads_stated=True)
    function = part.choice("hidden_act", among=ACTIVATIONS, default="silu")
    return mixed_decoder(
        d,
        [(kind, False) for kind in qwen3_next.kinds(part, d.layers)],
        lambda kind: qwen3_next.mixer(part, d, kind, fused=False),
        (gated_mlp(d, qwen3_next.INTO_NETWORK, function), ()),
        tied=tied,
    )


def text(config: Config) -> tuple[Config, bool]:
    """The part on text, or the whole where that is all there is; and whether the head has the embedding's weights."""
    whole = config.fields.get("text_config") is None
    part = config if whole else config.part("text_config")
    return part, config.flag("tie_word_embeddings") if whole else qwen3_vl.tied(config)
