"""Hunyuan-A13B (Tencent 2025): experts beside a shared one in every layer, heads of queries and keys normalised.

The norms follow the rotation; they are rows before it here, which costs the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..layers import attention, dimensions, expert_dimensions, mixture, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("hunyuan_v1_moe",)
SPELLINGS = {"num_experts_per_tok": "moe_topk", "num_local_experts": "num_experts"}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config)
    config.again("attention_head_dim", d.head_size)
    width = "intermediate_size" if config.fields.get("moe_intermediate_size") is None else "moe_intermediate_size"
    config.ignore("intermediate_size")  # where experts have a width of their own
    m = expert_dimensions(config, d.hidden, ffn=width, chosen="moe_topk")
    shared = config.same_count("num_shared_expert", default=1) * config.flag("use_mixed_mlp_moe", default=True)
    for key in ("use_cla", "use_mla"):
        if config.flag(key):
            config.problem(f"{key!r} = True is not supported: every layer here has keys and values of its own.")
    bias, norm = config.flag("attention_bias"), config.flag("use_qk_norm", default=True)
    return rms_norm_decoder(
        d,
        lambda _: attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias, qk_norm=norm),
        mixture(replace(m, shared=shared * m.ffn, shared_name="shared_mlp"), "post_attention_layernorm"),
        tied=config.flag("tie_word_embeddings"),
        groups=[("layers", d.layers, None)],
    )
