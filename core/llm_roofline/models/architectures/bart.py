"""BART (arXiv 1910.13461): an encoder and a decoder with learned positions, norms after the sums, one embedding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Head
from ..layers import (
    FAIRSEQ_SPELLINGS,
    position_embedding,
    side_dimensions,
    side_layers,
    side_norm,
    side_projections,
    source_cache,
)
from ..model import Block, Tower

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("bart",)
SPELLINGS = FAIRSEQ_SPELLINGS
OFFSET = 2  # rows of the position tables before the first position, as in fairseq


def blocks(config: Config) -> Iterator[Block]:
    """Blocks of the decoder, in forward order."""
    d = side_dimensions(config, "decoder")
    yield _embedding(config, "decoder")
    yield side_layers(config, "decoder", key_bias=True, norm_first=False)
    tied = config.flag("tie_word_embeddings", default=True)
    yield Block("head", 1, (Head("lm_head", (HIDDEN,), d.hidden, d.vocabulary, tied),))


def encoder(config: Config) -> Tower:
    """The encoder, and its results as keys and values of every layer of the decoder."""
    across = side_projections("encoder_attn", key_bias=True)
    return Tower(
        "encoder",
        (
            _embedding(config, "encoder"),
            side_layers(config, "encoder", key_bias=True, norm_first=False),
            source_cache(side_dimensions(config, "decoder"), across),
        ),
        tokens=_positions(config),
    )


def _positions(config: Config) -> int:
    return config.count("max_position_embeddings", default=1024)


def _embedding(config: Config, side: str) -> Block:
    d = side_dimensions(config, side)
    rows = position_embedding(d, ("shared", "embed_positions"), _positions(config) + OFFSET, tied=side == "encoder")
    return Block("embedding", 1, (*rows, side_norm(d, "layernorm_embedding", rows[-1].name)))
