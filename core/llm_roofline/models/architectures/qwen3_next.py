"""Qwen3-Next (Qwen Team 2025): gated delta networks on three of four layers, gated attention on the fourth; experts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..layers import (
    attention,
    delta_dimensions,
    dimensions,
    expert_dimensions,
    gated_delta,
    gated_mlp,
    layer_kinds,
    mixed_decoder,
    mixture,
    rotary_size,
    sparse_steps,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config
    from ..layers import Dimensions
    from ..model import Block

MODEL_TYPES = ("qwen3_next",)
INTO_MIXER, INTO_NETWORK = "input_layernorm", "post_attention_layernorm"
KINDS = {"linear_attention": "linear", "full_attention": "full"}
DELTA = {
    "linear_conv_kernel_dim": 4,
    "linear_key_head_dim": 128,
    "linear_num_key_heads": 16,
    "linear_num_value_heads": 32,
    "linear_value_head_dim": 128,
}
SHARED = {"shared_expert_intermediate_size": 512}
DEFAULTS = {"qwen3_next": DELTA | SHARED}
INTERVAL, HEAD_SIZE, ROTARY = 4, 256, 0.25  # where the configuration does not say


def blocks(config: Config, *, tied: bool | None = None, fused: bool = True) -> Iterator[Block]:
    """Blocks in forward order.

    Parameters
    ----------
    config : Config
        The configuration.
    tied : bool or None
        The head shares the embedding's weights; None for what the configuration says.
    fused : bool
        As in :func:`llm_roofline.models.layers.gated_delta`.
    """
    sparse = sparse_steps(config, config.count("num_hidden_layers"))
    d = dimensions(config, head_size=HEAD_SIZE, kv_heads_stated=True, dense=not all(sparse))
    m = replace(
        expert_dimensions(config, d.hidden),
        shared=config.count("shared_expert_intermediate_size"),
        shared_name="shared_expert",
        shared_gate=True,
    )
    return mixed_decoder(
        d,
        list(zip(kinds(config, d.layers), sparse, strict=True)),
        lambda kind: mixer(config, d, kind, fused=fused),
        (gated_mlp(d, INTO_NETWORK, m.function), mixture(m, INTO_NETWORK)),
        tied=config.flag("tie_word_embeddings") if tied is None else tied,
    )


def kinds(config: Config, layers: int) -> list[str]:
    """Kind of attention of each layer, as a list says, or the last of every so many."""
    every = config.count("full_attention_interval", default=INTERVAL)
    stated = layer_kinds(config, "layer_types", KINDS, layers)
    return stated or ["linear" if (i + 1) % every else "full" for i in range(layers)]


def mixer(config: Config, d: Dimensions, kind: str, *, fused: bool) -> Iterable[Operator]:
    """A gated delta network, or attention whose query's projection also makes a gate."""
    bias, rotary = config.flag("attention_bias"), rotary_size(config, d, default=ROTARY)
    gated, delta = config.flag("attn_output_gate", default=True), delta_dimensions(config, d.hidden)
    if kind == "linear":
        return gated_delta(delta, INTO_MIXER, fused=fused)
    return attention(d, INTO_MIXER, qkv_bias=bias, out_bias=bias, qk_norm=True, rotary_size=rotary, gated=gated)
