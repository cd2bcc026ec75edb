"""LFM2 (arXiv 2511.23404): short convolutions between gates on most layers, attention with normalised heads on some."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...operators import Embedding, Norm
from ..layers import Part, attention, dimensions, gated_convolution, gated_mlp, head, layer, layer_kinds, stacked
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("lfm2",)
MODULES = {"conv": ("",)}  # beside `self_attn`, not in it
SPELLINGS = {"tie_embedding": "tie_word_embeddings", "block_ff_dim": "intermediate_size"}
WIDTH, MULTIPLE = 3, 256  # where the configuration does not say
KINDS = {"conv": "convolution", "full_attention": "attention"}
AGAIN = "block_dim", "conv_dim", "conv_dim_out", "num_heads"  # what other keys say, said again
ALWAYS = "block_use_swiglu", "use_pos_enc"  # true of every model, whatever they say
TRAINED = "block_mlp_init_scale", "block_out_init_scale", "block_use_xavier_init", "conv_use_xavier_init"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    config.ignore(*AGAIN, *ALWAYS, *TRAINED)
    d = dimensions(config, kv_heads_stated=True)
    d = replace(d, ffn=_ffn(config, d.ffn))
    width, bias = config.count("conv_L_cache", default=WIDTH), config.flag("conv_bias")

    def build(kind: str) -> Iterator[Operator]:
        def mixer(source: str) -> Iterator[Operator]:
            if kind == "convolution":
                return gated_convolution(d.hidden, width, source, bias=bias)
            return attention(d, source, qk_norm=True, out_name="out_proj")

        parts = (
            Part("mixer", "operator_norm", mixer),
            Part("mlp", "ffn_norm", lambda source: gated_mlp(d, source, "silu", ("w1", "w3", "w2"))),
        )
        return layer(d.hidden, lambda name, source: Norm(name, (source,), d.hidden), parts)

    kinds = _kinds(config, d.layers)
    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    yield from stacked(kinds, {kind: f"{kind} layers" for kind in kinds}, build)
    yield head(d, norm="embedding_norm", tied=config.flag("tie_word_embeddings", default=True))


def _ffn(config: Config, stated: int) -> int:
    """Width of the network: two thirds of what the key says, times a factor, rounded up to a multiple [1]."""
    multiple = config.count("block_multiple_of", default=MULTIPLE)
    factor = config.fraction("block_ffn_dim_multiplier", default=1.0)
    if not config.flag("block_auto_adjust_ff_dim", default=True):
        return stated
    return -(-int(factor * int(2 * stated / 3)) // multiple) * multiple


def _kinds(config: Config, layers: int) -> list[str]:
    """Mixer of each layer: as a list says, or attention where numbers name it, or everywhere."""
    named = config.layer_numbers("full_attn_idxs")
    return layer_kinds(config, "layer_types", KINDS, layers) or [
        "attention" if named is None or i in named else "convolution" for i in range(layers)
    ]
