"""T5 and Flan-T5 (arXiv 1910.10683, 2210.11416): an encoder and a decoder, biases by distance instead of positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..features import ONE
from ..layers import (
    ACTIVATIONS,
    Dimensions,
    Projections,
    cross_attention,
    gated_mlp,
    head,
    plain_mlp,
    self_attention,
    source_cache,
)
from ..model import Block, Tower
from ..operators import HIDDEN, Embedding, Norm, ResidualAdd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..operators import Operator

MODEL_TYPES = ("t5",)
SELF = Projections("SelfAttention.q", "SelfAttention.k", "SelfAttention.v", "SelfAttention.o")
CROSS = Projections("EncDecAttention.q", "EncDecAttention.k", "EncDecAttention.v", "EncDecAttention.o")
GATED = "gated-"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks of the decoder, in forward order."""
    d = _dimensions(config, "num_decoder_layers", "num_layers")
    yield Block("embedding", 1, _embedding(config, d, tied=False))
    norms = [
        Norm(f"layer.{i}.layer_norm", (source,), d.hidden)
        for i, source in enumerate((HIDDEN, "self_attn_add", "cross_attn_add"))
    ]
    rows = (
        norms[0],
        *self_attention(d, norms[0].name, SELF, reach="causal", buckets=_buckets(config)),
        ResidualAdd("self_attn_add", (HIDDEN, SELF.out), d.hidden),
        norms[1],
        *cross_attention(d, norms[1].name, CROSS),
        ResidualAdd("cross_attn_add", ("self_attn_add", CROSS.out), d.hidden),
        norms[2],
        *_network(config, d, norms[2].name),
        ResidualAdd("mlp_add", ("cross_attn_add", "wo"), d.hidden),
    )
    yield Block("layers", d.layers, rows)
    # A tied head is scaled by the root of the hidden size, which the norm's weights can hold.
    yield head(d, norm="final_layer_norm", tied=config.flag("tie_word_embeddings", default=True))


def encoder(config: Config) -> Tower:
    """The encoder, and its results as keys and values of every layer of the decoder."""
    d = _dimensions(config, "num_layers")
    norms = [Norm(f"layer.{i}.layer_norm", (s,), d.hidden) for i, s in enumerate((HIDDEN, "self_attn_add"))]
    rows = (
        norms[0],
        *self_attention(d, norms[0].name, SELF, reach="both ways", buckets=_buckets(config)),
        ResidualAdd("self_attn_add", (HIDDEN, SELF.out), d.hidden),
        norms[1],
        *_network(config, d, norms[1].name),
        ResidualAdd("mlp_add", ("self_attn_add", "wo"), d.hidden),
    )
    return Tower(
        "encoder",
        (
            Block("embedding", 1, _embedding(config, d, tied=True)),
            Block("layers", d.layers, rows),
            Block("final norm", 1, (Norm("final_layer_norm", (HIDDEN,), d.hidden),)),
            source_cache(_dimensions(config, "num_decoder_layers", "num_layers"), CROSS),
        ),
        tokens=None,  # biases by distance have no end; n_positions is the length that it was trained on
    )


def context_limit(config: Config) -> None:
    """None, for the same reason."""
    config.ignore("n_positions")


def _dimensions(config: Config, *layers: str) -> Dimensions:
    hidden, heads, size = (config.count(key) for key in ("d_model", "num_heads", "d_kv"))
    return Dimensions(
        hidden, config.count(*layers), heads, heads, size, config.count("d_ff"), config.count("vocab_size")
    )


def _buckets(config: Config) -> int:
    return config.count("relative_attention_num_buckets", default=32)


def _embedding(config: Config, d: Dimensions, *, tied: bool) -> tuple[Operator, ...]:
    """The shared embedding, behind the biases by distance: the first layer stores them, all layers add them."""
    biases = Embedding("relative_attention_bias", (), 1, _buckets(config) * d.heads, per=ONE)
    return biases, Embedding("shared", (), d.vocabulary, d.hidden, tied=tied)


def _network(config: Config, d: Dimensions, source: str) -> Iterator[Operator]:
    """Feed-forward network; a configuration says ``relu``, or ``gated-gelu`` where it has a gate."""
    gates = {f"{GATED}{name}": f"{GATED}{function}" for name, function in ACTIVATIONS.items()}
    function = config.choice("feed_forward_proj", among={**ACTIVATIONS, **gates}, default="relu")
    if function.startswith(GATED):
        return gated_mlp(d, source, function.removeprefix(GATED), ("wi_0", "wi_1", "wo"))
    return plain_mlp(d, source, function, ("wi", "wo"), bias=False)
