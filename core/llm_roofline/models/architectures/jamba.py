"""Jamba (arXiv 2403.19887): Mamba on seven of eight layers, attention on one; experts on every other layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Embedding, Norm
from ..layers import (
    SILU,
    Mamba,
    Part,
    attention,
    dimensions,
    expert_dimensions,
    gated_mlp,
    head,
    latent_of_steps,
    layer,
    mamba,
    mixture,
    stacked,
)
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("jamba",)
SPELLINGS = {"num_local_experts": "num_experts"}
STATE, WIDTH, EXPANSION = 16, 4, 2  # where the configuration does not say
ATTENTION, EXPERTS = (8, 4), (2, 1)  # likewise: one layer in so many, and the first


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order; attention here has no positions, which the states tell it."""
    d = dimensions(config, kv_heads_stated=True)
    experts = expert_dimensions(config, d.hidden, ffn="intermediate_size", functions=SILU)
    m = Mamba(
        d.hidden,
        config.count("mamba_expand", default=EXPANSION) * d.hidden,
        config.count("mamba_d_state", default=STATE),
        latent_of_steps(config, "mamba_dt_rank", d.hidden),
        config.count("mamba_d_conv", default=WIDTH),
        bias=config.flag("mamba_proj_bias"),
        conv_bias=config.flag("mamba_conv_bias", default=True),
        normed=True,
    )

    def build(kind: tuple[str, str]) -> Iterator[Operator]:
        mixer, network = kind
        parts = (
            Part(
                "mixer",
                "input_layernorm",
                lambda source: mamba(m, source) if mixer == "mamba" else attention(d, source, rotary=False),
            ),
            Part(
                "feed_forward",
                "pre_ff_layernorm",
                lambda source: (
                    mixture(experts, source, router="router")
                    if network == "expert"
                    else gated_mlp(d, source, experts.function)
                ),
            ),
        )
        return layer(d.hidden, lambda name, source: Norm(name, (source,), d.hidden), parts)

    attends = _every(config, "attn_layer", ATTENTION, d.layers)
    chooses = _every(config, "expert_layer", EXPERTS, d.layers)
    kinds = [
        ("attention" if attends[i] else "mamba", "expert" if chooses[i] and experts.experts > 1 else "dense")
        for i in range(d.layers)
    ]
    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    yield from stacked(kinds, {kind: f"{' '.join(kind)} layers" for kind in kinds}, build)
    yield head(d, norm="final_layernorm", tied=config.flag("tie_word_embeddings"))


def _every(config: Config, name: str, default: tuple[int, int], layers: int) -> list[bool]:
    """Which layers are of a kind that comes once a period."""
    period = config.count(f"{name}_period", default=default[0])
    first = config.count(f"{name}_offset", default=default[1], least=0)
    return [i % period == first for i in range(layers)]
