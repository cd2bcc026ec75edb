"""GPT-2 and StarCoder (Radford et al. 2019, arXiv 2305.06161): learned positions, LayerNorm, a tied head.

In StarCoder all query heads share one KV head.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..layers import (
    ACTIVATIONS,
    dimensions_of_gpt2,
    fused_attention,
    layer_norm_decoder,
    plain_mlp,
    position_embedding,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("gpt2", "gpt_bigcode")


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions_of_gpt2(config)
    if config.fields.get("model_type") == "gpt_bigcode":
        config.ignore("num_key_value_heads")  # what multi_query says, said again
        if config.flag("multi_query", default=True):
            d = replace(d, kv_heads=1)
    function = config.choice("activation_function", among=ACTIVATIONS, default="gelu_new")
    return layer_norm_decoder(
        d,
        position_embedding(d, ("wte", "wpe"), config.count("n_positions", default=1024)),
        fused_attention(d, "ln_1", names=("c_attn", "attn.c_proj"), bias=True, out_bias=True),
        plain_mlp(d, "ln_2", function, ("c_fc", "mlp.c_proj")),
        norms=("ln_1", "ln_2", "ln_f"),
        tied=config.flag("tie_word_embeddings", default=True),
    )
