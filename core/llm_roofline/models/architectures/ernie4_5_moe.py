"""ERNIE 4.5 with experts (Baidu 2025): dense layers first, then experts with or without shared ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..layers import attention, dimensions, expert_dimensions, gated_mlp, mixed_decoder, mixture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("ernie4_5_moe",)
SPELLINGS = {"num_experts": "moe_num_experts", "num_experts_per_tok": "moe_k"}
SOURCE = "post_attention_layernorm"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    if config.flag("use_bias"):
        config.problem("'use_bias' = True is not supported in this family: no model has it.")
    m = expert_dimensions(config, d.hidden, experts="moe_num_experts", chosen="moe_k")
    m = replace(m, shared=m.ffn * config.count("moe_num_shared_experts", default=2, least=0), route_bias=True)
    return mixed_decoder(
        d,
        [("", sparse) for sparse in _are_sparse(config, d.layers)],
        lambda _: attention(d, "input_layernorm"),
        (gated_mlp(d, SOURCE, m.function), mixture(m, SOURCE)),
        tied=config.flag("tie_word_embeddings", default=True),
    )


def predicting(_: Config, layers: int) -> dict[str, Any]:
    """Keys of layers that predict further tokens, which are dense: vLLM's ``ernie_mtp.py``, ``mtp_block.N.mlp``."""
    return {"num_hidden_layers": layers, "moe_layer_start_index": layers, "moe_layer_end_index": None}


def _are_sparse(config: Config, layers: int) -> list[bool]:
    """Whether each layer has experts: those from a first to a last one, or every so many of them."""
    first, every = (
        config.count("moe_layer_start_index", default=1, least=0),
        config.count("moe_layer_interval", default=1),
    )
    last = config.count("moe_layer_end_index", default=-1, least=-1)
    end = layers if last < 0 else last + 1
    return [first <= i < end and (i + 1) % every == 0 for i in range(layers)]
