"""gpt-oss (arXiv 2508.10925): every other layer with a small window, sinks in the softmax, biases everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..layers import attention, dimensions, expert_dimensions, layer_kinds, mixed_decoder, mixture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("gpt_oss",)
SPELLINGS = {"num_experts": "num_local_experts", "experts_per_token": "num_experts_per_tok"}
HEAD_SIZE, WINDOW = 64, 128  # where the configuration does not say
KINDS = {"sliding_attention": "sliding", "full_attention": "full"}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, head_size=HEAD_SIZE, kv_heads_stated=True)
    m = expert_dimensions(config, d.hidden, ffn="intermediate_size", experts="num_local_experts")
    m = replace(m, function="swigluoai", fused=True, bias=True)  # whatever 'hidden_act' says
    bias, width = config.flag("attention_bias", default=True), config.count("sliding_window", default=WINDOW)
    kinds = layer_kinds(config, "layer_types", KINDS, d.layers) or [
        "full" if i % 2 else "sliding" for i in range(d.layers)
    ]

    def attention_rows(kind: str) -> Iterable[Operator]:
        window = width if kind == "sliding" else None
        return attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias, window=window, sinks=True)

    experts = mixture(m, "post_attention_layernorm", router="router", router_bias=True)
    stack = [(kind, True) for kind in kinds]
    return mixed_decoder(d, stack, attention_rows, ((), experts), tied=config.flag("tie_word_embeddings"))
