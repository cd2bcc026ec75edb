"""Qwen 1.5 and 2 with experts (arXiv 2407.10671): many small experts, and a shared one behind a gate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..layers import attention, dimensions, expert_dimensions, gated_mlp, mixed_decoder, mixture, sparse_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("qwen2_moe",)
SOURCE = "post_attention_layernorm"
SHARED = 5632  # width of the shared expert where the configuration does not say


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    bias = config.flag("qkv_bias", default=True)
    config.ignore("sliding_window")  # without use_sliding_window it has no effect
    if config.flag("use_sliding_window"):
        config.problem("'use_sliding_window' = True is not supported in this family: no model has it.")
    m = replace(
        expert_dimensions(config, d.hidden),
        shared=config.count("shared_expert_intermediate_size", default=SHARED),
        shared_name="shared_expert",
        shared_gate=True,
    )
    return mixed_decoder(
        d,
        [("", sparse) for sparse in sparse_steps(config, d.layers)],
        lambda _: attention(d, "input_layernorm", qkv_bias=bias),
        (gated_mlp(d, SOURCE, m.function), mixture(m, SOURCE)),
        tied=config.flag("tie_word_embeddings"),
    )
