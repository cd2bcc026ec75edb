"""DeepSeekMoE (arXiv 2401.06066): many small experts beside shared ones, behind common attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import attention, dimensions, sparse_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("deepseek",)
SPELLINGS = {"num_local_experts": "n_routed_experts"}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config)
    bias = config.flag("attention_bias")
    return sparse_decoder(config, d, lambda _: attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias))
