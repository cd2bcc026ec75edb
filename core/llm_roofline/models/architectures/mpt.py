"""MPT (MosaicML 2023): ALiBi instead of positions, no biases, a tied head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Embedding
from ..layers import Dimensions, fused_attention, layer_norm_decoder, plain_mlp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("mpt",)
SPELLINGS = {"hidden_size": "d_model", "num_attention_heads": "n_heads", "num_hidden_layers": "n_layers"}
USUAL = {"alibi": True, "prefix_lm": False, "qk_ln": False}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    hidden, heads = config.count("d_model"), config.count("n_heads")
    size = config.divides("n_heads", heads, "d_model", hidden)
    ffn = hidden * config.count("expansion_ratio", default=4)
    d = Dimensions(
        hidden, config.count("n_layers"), heads, _kv_heads(config, heads), size, ffn, config.count("vocab_size")
    )
    config.ignore("embedding_fraction", "learned_pos_emb")  # of training; and positions are ALiBi's
    bias = not config.flag("no_bias", default=True)
    return layer_norm_decoder(
        d,
        (Embedding("wte", (), d.vocabulary, hidden),),
        fused_attention(d, "norm_1", names=("Wqkv", "out_proj"), bias=bias, out_bias=bias, alibi=True),
        plain_mlp(d, "norm_2", "gelu", ("up_proj", "down_proj"), bias=bias),
        norms=("norm_1", "norm_2", "norm_f"),
        bias=bias,
        tied=config.flag("tie_word_embeddings", default=True),
    )


def context_limit(config: Config) -> int | None:
    """Longest context [token]."""
    return config.optional_count("max_seq_len")


def _kv_heads(config: Config, heads: int) -> int:
    """Heads of keys and values [1]; the part on attention must otherwise say what all released models do."""
    if config.fields.get("attn_config") is None:
        return heads
    part = config.part("attn_config")
    part.ignore("clip_qkv")  # clamping runs with the product before it
    for key, value in USUAL.items():
        if part.flag(key, default=value) is not value:
            part.problem(f"{key!r} = {not value} is not supported: no released model has it.")
    shared = {"multihead_attention": "", "multiquery_attention": "one"}
    return 1 if part.choice("attn_type", among=shared, default="multihead_attention") else heads
