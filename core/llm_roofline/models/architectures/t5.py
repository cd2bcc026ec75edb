"""T5 and Flan-T5 (arXiv 1910.10683, 2210.11416): an encoder and a decoder, biases by distance instead of positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Embedding, Norm
from ...operators.counts import ONE
from ..layers import (
    ACTIVATIONS,
    Dimensions,
    Part,
    Projections,
    cross_attention,
    gated_mlp,
    head,
    layer,
    plain_mlp,
    self_attention,
    source_cache,
)
from ..model import Block, Tower

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("t5",)
SPELLINGS = {
    "head_dim": "d_kv",
    "hidden_size": "d_model",
    "num_attention_heads": "num_heads",
    "num_hidden_layers": "num_layers",
}
SELF = Projections("SelfAttention.q", "SelfAttention.k", "SelfAttention.v", "SelfAttention.o")
CROSS = Projections("EncDecAttention.q", "EncDecAttention.k", "EncDecAttention.v", "EncDecAttention.o")
GATED = "gated-"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks of the decoder, in forward order."""
    d, buckets = _dimensions(config, "num_decoder_layers", "num_layers"), _buckets(config)
    parts = (
        Part("self_attn", "layer.0.layer_norm", lambda s: self_attention(d, s, SELF, reach="causal", buckets=buckets)),
        Part("cross_attn", "layer.1.layer_norm", lambda s: cross_attention(d, s, CROSS)),
        Part("mlp", "layer.2.layer_norm", lambda s: _network(config, d, s)),
    )
    yield Block("embedding", 1, _embedding(config, d, tied=False))
    yield Block("layers", d.layers, tuple(layer(d.hidden, lambda *names: _norm(d, *names), parts)))
    # A tied head is scaled by the root of the hidden size, which the norm's weights can hold.
    yield head(d, norm="final_layer_norm", tied=config.flag("tie_word_embeddings", default=True))


def encoder(config: Config) -> Tower:
    """The encoder, and its results as keys and values of every layer of the decoder."""
    d, buckets = _dimensions(config, "num_layers"), _buckets(config)
    parts = (
        Part(
            "self_attn", "layer.0.layer_norm", lambda s: self_attention(d, s, SELF, reach="both ways", buckets=buckets)
        ),
        Part("mlp", "layer.1.layer_norm", lambda s: _network(config, d, s)),
    )
    return Tower(
        "encoder",
        (
            Block("embedding", 1, _embedding(config, d, tied=True)),
            Block("layers", d.layers, tuple(layer(d.hidden, lambda *names: _norm(d, *names), parts))),
            Block("final norm", 1, (_norm(d, "final_layer_norm", HIDDEN),)),
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


def _norm(d: Dimensions, name: str, source: str) -> Norm:
    return Norm(name, (source,), d.hidden)


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
