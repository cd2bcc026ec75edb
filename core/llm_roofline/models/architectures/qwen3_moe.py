"""Qwen 3 with experts (arXiv 2505.09388): the dense layer's attention, and many small experts without a shared one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import attention, dimensions, expert_dimensions, gated_mlp, mixed_decoder, mixture, sparse_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("qwen3_moe",)
SPELLINGS = {"num_local_experts": "num_experts"}
SOURCE = "post_attention_layernorm"


def blocks(config: Config, *, tied: bool | None = None) -> Iterator[Block]:
    """Blocks in forward order; the head shares the embedding's weights as the configuration says, or as given."""
    d = dimensions(config, kv_heads_stated=True)
    m = expert_dimensions(config, d.hidden)
    bias = config.flag("attention_bias")
    config.ignore("use_qk_norm")  # there is one whatever it says
    window = config.optional_count("sliding_window")
    if not config.flag("use_sliding_window"):
        config.ignore("sliding_window")  # without effect then
        window = None
    return mixed_decoder(
        d,
        [("", sparse) for sparse in sparse_steps(config, d.layers)],
        lambda _: attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias, qk_norm=True, window=window),
        (gated_mlp(d, SOURCE, m.function), mixture(m, SOURCE)),
        tied=config.flag("tie_word_embeddings") if tied is None else tied,
    )
