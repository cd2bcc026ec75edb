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
SPELLINGS = {"num_local_experts": "n_routed_experts", "num_experts": "n_routed_experts"}
LATENT_128 = {"kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128}
LATENT_256 = {"kv_lora_rank": 512, "qk_nope_head_dim": 192, "qk_rope_head_dim": 64, "v_head_dim": 256}
OF_V3 = LATENT_128 | {"q_lora_rank": 1536, "n_shared_experts": 1, "first_k_dense_replace": 3}
DEFAULTS = {
    "deepseek_v2": LATENT_128 | {"q_lora_rank": 1536, "n_shared_experts": 2},
    "deepseek_v3": OF_V3,
    "glm4_moe_lite": LATENT_256 | {"q_lora_rank": 768, "n_shared_experts": 1, "first_k_dense_replace": 1},
    "kimi_k2": OF_V3,
}


def blocks(config: Config, *, tied: bool | None = None) -> Iterator[Block]:
    """Blocks in forward order; the head shares the embedding's weights as the configuration says, or as given."""
    d, m = latent_dimensions(config)
    return sparse_decoder(config, d, lambda _: latent_attention(m, "input_layernorm"), tied=tied)
