"""Mamba (arXiv 2312.00752): one mixer a layer, and no attention.

Falcon Mamba (arXiv 2410.05355) normalises what depends on the token in the state's recurrence, without weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Embedding, Norm
from ..layers import SILU, Dimensions, Mamba, Part, head, latent_of_steps, layer, mamba
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

MODEL_TYPES = ("mamba", "falcon_mamba")
STATE, WIDTH, EXPANSION = 16, 4, 2  # where the configuration does not say


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    hidden, layers, vocabulary = (config.count(key) for key in ("hidden_size", "num_hidden_layers", "vocab_size"))
    channels = config.count("expand", default=EXPANSION) * hidden
    if config.count("intermediate_size", default=channels) != channels:
        config.problem(f"'intermediate_size' must be 'expand' times 'hidden_size' (here {channels:,}).")
    for key, size in (("d_model", hidden), ("n_layer", layers), ("d_inner", channels)):
        config.again(key, size)
    config.ignore("rms_norm", "ssm_cfg")  # of the code that trained it
    config.choice("hidden_act", among=SILU, default="silu")
    m = Mamba(
        hidden,
        channels,
        config.count("state_size", default=STATE),
        latent_of_steps(config, "time_step_rank", hidden),
        config.count("conv_kernel", default=WIDTH),
        bias=config.flag("use_bias"),
        conv_bias=config.flag("use_conv_bias", default=True),
        normed=config.fields.get("model_type") == "falcon_mamba",
        affine=False,
    )
    parts = [Part("mixer", "norm", lambda source: mamba(m, source))]
    yield Block("embedding", 1, (Embedding("embeddings", (), vocabulary, hidden),))
    yield Block("layers", layers, tuple(layer(hidden, lambda name, source: Norm(name, (source,), hidden), parts)))
    d = Dimensions(hidden, layers, 0, 0, 0, 0, vocabulary)  # no heads, no network
    yield head(d, norm="norm_f", tied=config.flag("tie_word_embeddings", default=True))
