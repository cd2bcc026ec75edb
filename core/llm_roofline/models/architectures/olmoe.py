"""OLMoE (arXiv 2409.02060): small experts, and norms over all heads of the queries and of the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import attention, dimensions, expert_dimensions, mixture, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("olmoe",)
SPELLINGS = {"num_local_experts": "num_experts"}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config)
    m = expert_dimensions(config, d.hidden, ffn="intermediate_size")
    bias = config.flag("attention_bias")
    config.ignore("clip_qkv")  # clamping runs with the products before it
    return rms_norm_decoder(
        d,
        lambda _: attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias, qk_norm=True, norm_whole=True),
        mixture(m, "post_attention_layernorm"),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, None)],
    )
