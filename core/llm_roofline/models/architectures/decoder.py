"""A decoder whose dimensions a person wrote down: :func:`llm_roofline.Decoder` makes such configurations.

It stands for the many that follow Llama: RMSNorm, rotary positions, grouped keys and values, a feed-forward network or
a mixture of experts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, Dimensions, Mixture, attention, gated_mlp, mixture, plain_mlp, rms_norm_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("decoder",)


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = _dimensions(config)
    return rms_norm_decoder(
        d,
        lambda window: attention(
            d,
            "input_layernorm",
            qkv_bias=config.flag("attention_bias"),
            qk_norm=config.flag("qk_norm"),
            window=window,
        ),
        _network(config, d),
        tied=config.flag("tied"),
        groups=[("layers", d.layers, config.optional_count("window"))],
    )


def context_limit(config: Config) -> int | None:
    """Longest context [token], if one was given."""
    return config.optional_count("context_limit")


def _dimensions(config: Config) -> Dimensions:
    hidden, heads = config.count("hidden_size"), config.count("heads")
    kv_heads = config.count("kv_heads", default=heads)
    config.divides("kv_heads", kv_heads, "heads", heads)
    size = config.optional_count("head_size") or config.divides("heads", heads, "hidden_size", hidden)
    layers, vocabulary = config.count("layers"), config.count("vocabulary")
    return Dimensions(hidden, layers, heads, kv_heads, size, config.count("ffn_size"), vocabulary)


def _network(config: Config, d: Dimensions) -> Iterator[Operator]:
    source = "post_attention_layernorm"
    function = config.choice("activation", among=ACTIVATIONS, default="silu")
    experts = config.optional_count("experts")
    gated, shared = config.flag("gated", default=True), config.count("shared_ffn_size", default=0, least=0)
    if experts:
        chosen = config.count("experts_per_token")
        if chosen > experts:
            config.problem(f"'experts_per_token' must be at most 'experts' (got {chosen:,} and {experts:,}).")
        return mixture(
            Mixture(d.hidden, d.ffn, experts, min(chosen, experts), function, gated=gated, shared=shared), source
        )
    for key in ("experts_per_token", "shared_ffn_size"):
        if config.fields.get(key) is not None:
            config.problem(f"{key!r} is for a model with 'experts', which are missing.")
    if gated:
        return gated_mlp(d, source, function)
    return plain_mlp(d, source, function, ("up_proj", "down_proj"), bias=False)
