"""MiniMax M2: full attention with norms over all heads, half a head rotated, and many small experts.

The weights and the report are MiniMax's (2025); M2.5 has the same shape.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..layers import attention, dimensions, expert_dimensions, layer_kinds, mixture, rms_norm_decoder, rotary_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("minimax_m2",)
SPELLINGS = {"num_experts": "num_local_experts"}
DEFAULTS = {"minimax_m2": {"head_dim": 128}}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order; layers that predict further tokens are no part of the model itself."""
    config.ignore("use_mtp", "num_mtp_modules", "mtp_transformer_layers")
    d = dimensions(config, kv_heads_stated=True)
    layer_kinds(config, "attn_type_list", {1: "full"}, d.layers)
    m = expert_dimensions(config, d.hidden, ffn="intermediate_size", experts="num_local_experts")
    m = replace(m, shared=config.count("shared_intermediate_size", default=0, least=0))
    rotary = config.count("rotary_dim", default=rotary_size(config, d, default=1.0))
    norm = config.flag("use_qk_norm", default=True)
    over = config.choice("qk_norm_type", among={"per_layer": "layer", "per_head": "head"}, default="per_layer")
    return rms_norm_decoder(
        d,
        lambda _: attention(d, "input_layernorm", rotary_size=rotary, qk_norm=norm, norm_whole=over == "layer"),
        mixture(m, "post_attention_layernorm"),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, None)],
    )
