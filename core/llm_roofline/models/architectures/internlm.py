"""InternLM 1 and 3 (Shanghai AI Laboratory 2023, 2025): Llama's layer, with biases where the configuration asks.

One key sets them in all of attention in the first generation, elsewhere than in queries, keys and values in the third.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("internlm", "internlm3")


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    third = config.fields["model_type"] == "internlm3"
    d = dimensions(config, kv_heads_stated=third)
    bias = config.flag("bias", default=not third)
    qkv_bias = config.flag("qkv_bias") if third else bias
    function = config.choice("hidden_act", among=ACTIVATIONS, default="silu")
    return rms_norm_decoder(
        d,
        lambda _: attention(d, "input_layernorm", qkv_bias=qkv_bias, out_bias=bias),
        gated_mlp(d, "post_attention_layernorm", function, bias=bias and third),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, None)],
    )
