"""DeepSeek V4 (DeepSeek 2026): compressed attention, hyper-connections, and experts in every layer.

The first layers look their experts up by the token; they run the same products as those that have them chosen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...basics import shown
from ...operators import HIDDEN, Elementwise, Embedding, Head, Norm
from ..layers import (
    Compression,
    Selection,
    Streams,
    collapsed,
    compressed_attention,
    expert_dimensions,
    hyper_connected,
    layer_kinds,
    mixture,
    stacked,
)
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("deepseek_v4",)
DEFAULTS = {
    "deepseek_v4": {
        "hc_mult": 4,
        "hc_sinkhorn_iters": 20,
        "head_dim": 512,
        "index_head_dim": 128,
        "index_n_heads": 64,
        "index_topk": 512,
        "n_shared_experts": 1,
        "o_groups": 8,
        "o_lora_rank": 1024,
        "q_lora_rank": 1024,
        "sliding_window": 128,
    }
}
SPELLINGS = {"num_local_experts": "n_routed_experts"}
KINDS = {0: "sliding layers", 4: "compressed-sparse layers", 128: "heavily-compressed layers"}
ROTARY = 0.125  # share of a head that is rotated where the configuration does not say
NAMED = "compressed_sparse_attention", "heavily_compressed_attention"
KINDS_BY_NAME = {"sliding_attention": 0, NAMED[0]: 4, NAMED[1]: 128}
SELECTING = 4  # ratio of the layers that select among their compressed keys
FUNCTIONS = {"silu": "clamped silu"}
PROJECTION, MLP = "attention projection", "mlp"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    config.ignore("num_hash_layers", "num_key_value_heads")
    hidden, heads, layers = (config.count(key) for key in ("hidden_size", "num_attention_heads", "num_hidden_layers"))
    streams = Streams(hidden, config.count("hc_mult"), config.count("hc_sinkhorn_iters"))
    size, share = config.count("head_dim"), config.fraction("partial_rotary_factor", default=ROTARY)
    if config.fields.get("rope_parameters") is not None:
        for kind in ("main", "compress"):
            config.part("rope_parameters").part(kind).ignore("partial_rotary_factor")  # said again
    rotated = config.count("qk_rope_head_dim", default=int(size * share))
    keys = ("q_lora_rank", "o_groups", "o_lora_rank", "sliding_window")
    attention = Compression(hidden, heads, size, rotated, *(config.count(key) for key in keys))
    config.divides("o_groups", attention.groups, "num_attention_heads", heads)
    selection = Selection(*(config.count(key) for key in ("index_n_heads", "index_head_dim", "index_topk")))
    config.within("qk_rope_head_dim", attention.rotated, "head_dim", attention.head_size)
    config.within("qk_rope_head_dim", attention.rotated, "index_head_dim", selection.head_size)
    experts = expert_dimensions(config, hidden, experts="n_routed_experts", functions=FUNCTIONS)
    experts = replace(experts, shared=experts.ffn * config.count("n_shared_experts", default=0, least=0))

    def layer(ratio: int) -> Iterator[Operator]:
        chosen = selection if ratio == SELECTING else None
        norm = Norm("input_layernorm", ("attn_hc.collapse",), hidden)
        rows = compressed_attention(attention, norm.name, ratio, chosen)
        yield from hyper_connected(streams, "attn_hc", HIDDEN, (norm, *rows), PROJECTION)
        norm = Norm("post_attention_layernorm", ("ffn_hc.collapse",), hidden)
        yield from hyper_connected(streams, "ffn_hc", "attn_hc.expand", (norm, *mixture(experts, norm.name)), MLP)

    vocabulary = config.count("vocab_size")
    copies = Elementwise("streams", ("embed_tokens",), hidden, streams.width, 0, "a copy for each stream")
    yield Block("embedding", 1, (Embedding("embed_tokens", (), vocabulary, hidden), copies))
    yield from stacked(_ratios(config, layers), KINDS, layer)
    last = Norm("norm", ("hc_head.collapse",), hidden, role="final")
    head = Head("lm_head", (last.name,), hidden, vocabulary, config.flag("tie_word_embeddings"))
    yield Block("head", 1, (*collapsed(streams, "hc_head", HIDDEN, MLP), last, head))


def predicting(config: Config, layers: int) -> dict[str, Any]:
    """Keys of layers that predict further tokens: the last ratios, or attention to a window alone.

    Published checkpoints have no compressor there (``mtp.0.attn``); vLLM's ``deepseek_v4_mtp.py``.
    """
    ratios = (config.sequence("compress_ratios") or [])[config.count("num_hidden_layers") :]
    few = {"num_hidden_layers": layers, "mlp_layer_types": None, "layer_types": None, "compress_rates": None}
    return few | {"compress_ratios": ratios if len(ratios) == layers else [0] * layers}


def _ratios(config: Config, layers: int) -> list[int]:
    """Tokens of a compressed key in each layer; the list goes on with those of layers that predict further tokens.

    Files that Transformers writes name the kinds of layers instead, and their ratios apart.
    """
    layer_kinds(config, "mlp_layer_types", {"hash_moe": "", "moe": ""}, layers)
    if config.fields.get("compress_rates") is not None:
        for name in NAMED:
            config.part("compress_rates").again(name, KINDS_BY_NAME[name])
    if config.fields.get("compress_ratios") is None and config.fields.get("layer_types") is not None:
        return layer_kinds(config, "layer_types", KINDS_BY_NAME, layers) or [0] * layers
    config.ignore("layer_types")  # said again
    stated = (config.sequence("compress_ratios") or [])[:layers]
    if len(stated) < layers or any(isinstance(ratio, bool) or ratio not in list(KINDS) for ratio in stated):
        known = ", ".join(map(str, KINDS))
        config.problem(
            f"'compress_ratios' must hold one of {known} for each of {layers:,} layers (got {shown(stated)})."
        )
        return [0] * layers
    return stated
