"""Llama 4 (Meta 2025): attention in chunks on three of four layers, all tokens without positions on the fourth.

Layers with experts, of which a token runs one beside a shared one, may alternate with dense layers. Norms of queries
and keys, which have no weights, follow the rotation; it keeps lengths, so that they are rows before it here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..layers import attention, dimensions, expert_dimensions, gated_mlp, layer_kinds, mixed_decoder, mixture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("llama4",)
DEFAULTS = {"llama4": {"text_config": {"intermediate_size_mlp": 16384}}}
SOURCE = "post_attention_layernorm"
CHUNK = 8192  # where the key is absent; null means none
KINDS = {"chunked_attention": "chunked", "full_attention": "full"}
ROTATED = {1: "chunked", 0: "full"}  # the key says which layers have positions, whatever its name


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    config.leave_out("vision_config")
    text = config.part("text_config")
    text.ignore("attn_temperature_tuning")  # a factor of queries, applied where they are made
    d = dimensions(text, kv_heads_stated=True)
    m = expert_dimensions(text, d.hidden, ffn="intermediate_size", experts="num_local_experts")
    m = replace(m, fused=True, shared=m.ffn, shared_name="shared_expert")
    dense = replace(d, ffn=text.count("intermediate_size_mlp", default=m.ffn))
    bias, norm = text.flag("attention_bias"), text.flag("use_qk_norm", default=True)
    chunk = text.optional_count("attention_chunk_size") if "attention_chunk_size" in text.fields else CHUNK

    def attention_rows(kind: str) -> Iterable[Operator]:
        if kind == "full":
            return attention(d, "input_layernorm", qkv_bias=bias, out_bias=bias, rotary=False)
        return attention(
            d,
            "input_layernorm",
            qkv_bias=bias,
            out_bias=bias,
            qk_norm=norm,
            norm_affine=False,
            window=chunk,
            reach="chunk" if chunk else "causal",
        )

    networks = gated_mlp(dense, SOURCE, m.function), mixture(m, SOURCE, router="router")
    stack = list(zip(_kinds(text, d.layers), _are_sparse(text, d.layers), strict=True))
    return mixed_decoder(d, stack, attention_rows, networks, tied=text.flag("tie_word_embeddings"))


def _kinds(config: Config, layers: int) -> list[str]:
    """Kind of attention of each layer: every so many sees all tokens, if no list says otherwise."""
    every = config.count("no_rope_layer_interval", default=4)
    stated = layer_kinds(config, "layer_types", KINDS, layers)
    rotated = layer_kinds(config, "no_rope_layers", ROTATED, layers) if config.fields.get("no_rope_layers") else None
    if stated and rotated and stated != rotated:
        config.problem("'no_rope_layers' and 'layer_types' must say the same: layers in chunks have positions.")
    stated = stated or rotated
    return stated or ["chunked" if (i + 1) % every else "full" for i in range(layers)]


def _are_sparse(config: Config, layers: int) -> list[bool]:
    """Whether each layer has experts: those that a list names, or every so many."""
    every = config.count("interleave_moe_layer_step", default=1)
    named = config.layer_numbers("moe_layers")
    return [(i + 1) % every == 0 if named is None else i in named for i in range(layers)]
