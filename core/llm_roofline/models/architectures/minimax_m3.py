"""MiniMax M3 (MiniMax 2026): shared KV heads, each of which sees the blocks of keys that its indexer selects.

The first layers are dense, and see everything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...operators import Attention
from ..layers import (
    ACTIVATIONS,
    Dimensions,
    Selection,
    attention,
    block_indexer,
    dimensions,
    expert_dimensions,
    gated_mlp,
    layer_kinds,
    mixed_decoder,
    mixture,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("minimax_m3",)
SPELLINGS = {"num_experts": "num_local_experts"}
INTO_ATTENTION, INTO_NETWORK, SPARSE = "input_layernorm", "post_attention_layernorm", "block-sparse"
FUNCTIONS = ACTIVATIONS | {"swigluoai": "swigluoai"}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    config.ignore("num_nextn_predict_layers")  # said again by 'num_mtp_modules', or doubted
    config.ignore("partial_rotary_factor")  # said by 'rotary_dim'
    config.choice("qk_norm_type", among={"per_head": "head"}, default="per_head")
    config.ignore("first_k_dense_replace", "moe_intermediate_size")  # said again by a list, and by another name
    d = dimensions(config, kv_heads_stated=True)
    m = expert_dimensions(config, d.hidden, ffn="intermediate_size", experts="num_local_experts", functions=FUNCTIONS)
    shared = config.count("shared_intermediate_size") * config.count("n_shared_experts", default=1, least=0)
    dense = replace(d, ffn=config.count("dense_intermediate_size"))
    if config.flag("attention_output_gate"):
        config.problem("'attention_output_gate' = True is not supported: attention here has no gate.")
    rotary, norm = config.count("rotary_dim", default=d.head_size), config.flag("use_qk_norm", default=True)
    config.within("rotary_dim", rotary, "head_dim", d.head_size)
    common = tuple(attention(d, INTO_ATTENTION, qk_norm=norm, rotary_size=rotary))
    kinds, selection = _sparse(config.part("sparse_attention_config"), d.layers)
    config.within("rotary_dim", rotary, "sparse_index_dim", selection.head_size)
    experts = layer_kinds(config, "moe_layer_freq", {0: False, 1: True}, d.layers) or [True] * d.layers
    return mixed_decoder(
        d,
        list(zip(kinds, experts, strict=True)),
        lambda kind: _selected(d, selection, rotary, common) if kind else common,
        (gated_mlp(dense, INTO_NETWORK, m.function), mixture(replace(m, shared=shared), INTO_NETWORK)),
        tied=config.flag("tie_word_embeddings"),
    )


def _sparse(config: Config, layers: int) -> tuple[list[str], Selection]:
    """Which layers have an indexer, and its dimensions; a query's own block is among those that it selects."""
    config.ignore("sparse_local_block", "sparse_score_type")  # among those it selects; scores of a block become one
    kinds = layer_kinds(config, "sparse_attention_freq", {0: "", 1: SPARSE}, layers) or [""] * layers
    valued = layer_kinds(config, "sparse_disable_index_value", {0: True, 1: False}, layers) or [False] * layers
    if any(kind and value for kind, value in zip(kinds, valued, strict=True)):
        config.problem("'sparse_disable_index_value' must be 1 where attention is sparse: no indexer here has values.")
    heads, size, block = (
        config.count(key) for key in ("sparse_num_index_heads", "sparse_index_dim", "sparse_block_size")
    )
    selection = Selection(heads, size, config.count("sparse_topk_blocks") * block, block)
    return (kinds if config.flag("use_sparse_attention", default=True) else [""] * layers), selection


def _selected(d: Dimensions, selection: Selection, rotary: int, rows: Iterable[Operator]) -> Iterator[Operator]:
    """The same attention to the blocks that an indexer selects."""
    for row in rows:
        if isinstance(row, Attention):
            yield from block_indexer(d.hidden, rotary, selection, INTO_ATTENTION)
            inputs = ("indexer", *row.inputs)
            yield replace(row, inputs=inputs, window=selection.selected, reach="selected", block=selection.block)
        else:
            yield row
