"""Mamba-2 (arXiv 2405.21060): one mixer a layer, and no attention. Mamba-Codestral has the same layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Embedding, Norm
from ..layers import SILU, Dimensions, Mamba2, Part, head, layer, mamba2
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("mamba2",)
HEADS, HEAD_SIZE, GROUPS, STATE, WIDTH, EXPANSION = 128, 64, 8, 128, 4, 2  # where the configuration does not say


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    hidden, layers, vocabulary = (config.count(key) for key in ("hidden_size", "num_hidden_layers", "vocab_size"))
    config.ignore("time_step_rank", "rms_norm", "ssm_cfg")  # of the first generation, and of the code that trained it
    config.choice("hidden_act", among=SILU, default="silu")
    m = Mamba2(
        hidden,
        config.count("num_heads", default=HEADS),
        config.count("head_dim", default=HEAD_SIZE),
        config.count("n_groups", default=GROUPS),
        config.count("state_size", default=STATE),
        config.count("conv_kernel", default=WIDTH),
        bias=config.flag("use_bias"),
        conv_bias=config.flag("use_conv_bias", default=True),
    )
    config.divides("n_groups", m.groups, "num_heads", m.heads)
    channels = config.count("expand", default=EXPANSION) * hidden
    if m.channels != channels:
        config.problem(
            f"'num_heads' times 'head_dim' must be 'expand' times 'hidden_size' (got {m.channels:,} and {channels:,})."
        )
    parts = [Part("mixer", "norm", lambda source: mamba2(m, source, norm="mixer.norm"))]
    yield Block("embedding", 1, (Embedding("embeddings", (), vocabulary, hidden),))
    yield Block("layers", layers, tuple(layer(hidden, lambda name, source: Norm(name, (source,), hidden), parts)))
    d = Dimensions(hidden, layers, 0, 0, 0, 0, vocabulary)  # heads are the mixer's own, and there is no network
    yield head(d, norm="norm_f", tied=config.flag("tie_word_embeddings"))
