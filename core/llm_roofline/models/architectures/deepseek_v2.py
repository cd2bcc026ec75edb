"""DeepSeek V2 and V3 (arXiv 2405.04434, 2412.19437): latent attention, and many small experts beside a shared one.

Kimi K2 (arXiv 2507.20534) and GLM-4.7-Flash took over the layer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import latent_attention, latent_dimensions, sparse_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("deepseek_v2", "deepseek_v3", "glm4_moe_lite", "kimi_k2")


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d, m = latent_dimensions(config)
    return sparse_decoder(config, d, lambda _: latent_attention(m, "input_layernorm"))
