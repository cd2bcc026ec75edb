"""MiMo-V2-Flash (arXiv 2601.02780): small windows with sinks on five of six layers, which have more KV heads.

Values are narrower than keys, and a third of a head is rotated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..layers import attention, dimensions, expert_dimensions, gated_mlp, layer_kinds, mixed_decoder, mixture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..config import Config
    from ..model import Block
    from ..operators import Operator

MODEL_TYPES = ("mimo_v2_flash",)
SOURCE = "post_attention_layernorm"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    config.ignore("attention_chunk_size")  # the window, said again
    full = dimensions(config, kv_heads_stated=True)
    heads, kv_heads, size = (
        config.count(f"swa_{key}", default=default)
        for key, default in (
            ("num_attention_heads", full.heads),
            ("num_key_value_heads", full.kv_heads),
            ("head_dim", full.head_size),
        )
    )
    config.divides("swa_num_key_value_heads", kv_heads, "swa_num_attention_heads", heads)
    value = config.count("v_head_dim", default=full.head_size)
    shapes = {
        "full": (full, value, config.flag("add_full_attention_sink_bias"), None),
        "sliding": (
            replace(full, heads=heads, kv_heads=kv_heads, head_size=size),
            config.count("swa_v_head_dim", default=value),
            config.flag("add_swa_attention_sink_bias", default=True),
            _window(config),
        ),
    }
    bias, share = config.flag("attention_bias"), config.fraction("partial_rotary_factor", default=1.0)

    def attention_rows(kind: str) -> Iterable[Operator]:
        d, value, sinks, window = shapes[kind]
        rotary = int(d.head_size * share)
        return attention(
            d, "input_layernorm", qkv_bias=bias, rotary_size=rotary, window=window, sinks=sinks, value_size=value
        )

    m = expert_dimensions(config, full.hidden, experts="n_routed_experts")
    m = replace(m, shared=m.ffn * config.count("n_shared_experts", default=0, least=0))
    kinds = layer_kinds(config, "hybrid_layer_pattern", {0: "full", 1: "sliding"}, full.layers)
    sparse = layer_kinds(config, "moe_layer_freq", {0: False, 1: True}, full.layers)
    stack = list(zip(kinds or ["full"] * full.layers, sparse or [True] * full.layers, strict=True))
    networks = gated_mlp(full, SOURCE, m.function), mixture(m, SOURCE)
    return mixed_decoder(full, stack, attention_rows, networks, tied=config.flag("tie_word_embeddings"))


def _window(config: Config) -> int:
    """Keys that a query sees in layers with a window: as many before it as one key says, and itself [token]."""
    before = config.optional_count("sliding_window_size")
    if before is None:
        return config.count("sliding_window")
    config.ignore("sliding_window")  # said again
    return before + 1
