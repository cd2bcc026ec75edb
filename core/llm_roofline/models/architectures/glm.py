"""GLM-4 (arXiv 2406.12793): few KV heads, half a head rotated, one projection for gate and up.

The models of April 2025 have norms after attention and network as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Embedding
from ..layers import (
    ACTIVATIONS,
    attention,
    dimensions,
    fused_gated_mlp,
    head,
    residual_layer,
    rms_norms,
    rotary_size,
    sandwich_layer,
)
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("glm", "glm4")
HEAD_SIZE, ROTARY = 128, 0.5  # where the configuration does not say
NORMS = "input_layernorm", "post_self_attn_layernorm", "post_attention_layernorm", "post_mlp_layernorm"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, head_size=HEAD_SIZE, kv_heads_stated=True)
    bias, rotary = config.flag("attention_bias", default=True), rotary_size(config, d, default=ROTARY)
    function = config.choice("hidden_act", among=ACTIVATIONS, default="silu")
    attention_rows = attention(d, NORMS[0], qkv_bias=bias, rotary_size=rotary)
    network = fused_gated_mlp(d, NORMS[2], function, ("gate_up_proj", "down_proj"))
    if config.fields["model_type"] == "glm":
        rows = residual_layer(d.hidden, attention_rows, network, rms_norms(d.hidden))
    else:
        rows = sandwich_layer(d.hidden, attention_rows, network, NORMS)
    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    yield Block("layers", d.layers, rows)
    yield head(d, norm="norm", tied=config.flag("tie_word_embeddings"))
