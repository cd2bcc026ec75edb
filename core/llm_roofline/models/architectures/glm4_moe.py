"""GLM-4.5 (arXiv 2508.06471): dense layers, then experts beside a shared one; half a head is rotated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import attention, dimensions, rotary_size, sparse_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("glm4_moe",)
SPELLINGS = {"num_local_experts": "n_routed_experts"}
DEFAULTS = {"glm4_moe": {"n_shared_experts": 1, "first_k_dense_replace": 1}}
ROTARY = 0.5  # share of a head that is rotated where the configuration does not say


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    bias, norm = config.flag("attention_bias"), config.flag("use_qk_norm")
    rotary = rotary_size(config, d, default=ROTARY)
    return sparse_decoder(
        config, d, lambda _: attention(d, "input_layernorm", qkv_bias=bias, qk_norm=norm, rotary_size=rotary)
    )
