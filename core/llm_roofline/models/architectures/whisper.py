"""Whisper (arXiv 2212.04356): an encoder of a spectrogram behind two convolutions, and a decoder of text.

A token of the source is two frames of the spectrogram; the encoder always reads 30 seconds, 1,500 tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Activation, Convolution, Embedding, ResidualAdd
from ..layers import (
    FAIRSEQ_SPELLINGS,
    head,
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

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("whisper",)
SPELLINGS = FAIRSEQ_SPELLINGS
FRAMES = 2  # of the spectrogram for each token, which the stride of the second convolution makes
FILTER = 3  # frames that a filter sees


def blocks(config: Config) -> Iterator[Block]:
    """Blocks of the decoder, in forward order."""
    config.ignore("classifier_proj_size")  # of a head that is not here
    d = side_dimensions(config, "decoder")
    positions = config.count("max_target_positions", default=448)
    yield Block("embedding", 1, position_embedding(d, ("embed_tokens", "embed_positions"), positions))
    yield side_layers(config, "decoder", key_bias=False, norm_first=True)
    tied = config.flag("tie_word_embeddings", default=True)
    yield head(d, norm="layer_norm", name="proj_out", tied=tied, layer_norm=True)


def encoder(config: Config) -> Tower:
    """The encoder, and its results as keys and values of every layer of the decoder."""
    d, positions = side_dimensions(config, "encoder"), config.count("max_source_positions", default=1500)
    return Tower(
        "encoder",
        (
            Block("embedding", 1, tuple(_spectrogram(config.count("num_mel_bins", default=80), d.hidden, positions))),
            side_layers(config, "encoder", key_bias=False, norm_first=True),
            Block("final norm", 1, (side_norm(d, "layer_norm", HIDDEN),)),
            source_cache(side_dimensions(config, "decoder"), side_projections("encoder_attn", key_bias=False)),
        ),
        tokens=positions,
    )


def context_limit(config: Config) -> int:
    """Longest text [token]."""
    return config.count("max_target_positions", default=448)


def _spectrogram(bins: int, hidden: int, positions: int) -> Iterator[Operator]:
    """Two convolutions, each with its GELU, and sinusoids, which the checkpoint stores."""
    yield Convolution("conv1", (), bins, hidden, FILTER, outputs=FRAMES)
    yield Activation("conv1.gelu", ("conv1",), hidden, hidden, "gelu", gated=False, copies=FRAMES)
    yield Convolution("conv2", ("conv1.gelu",), hidden, hidden, FILTER, stride=FRAMES)
    yield Activation("conv2.gelu", ("conv2",), hidden, hidden, "gelu", gated=False)
    yield Embedding("embed_positions", (), positions, hidden)
    yield ResidualAdd("embed_add", ("conv2.gelu", "embed_positions"), hidden)
