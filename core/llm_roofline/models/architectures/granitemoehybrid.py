"""Granite 4 (Granite Team 2025): Mamba-2 on nine of ten layers, attention on one; experts beside a shared network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...basics import shown
from ...operators import Embedding
from ..layers import (
    SILU,
    Mamba2,
    attention,
    dimensions,
    expert_dimensions,
    fused_gated_mlp,
    head,
    layer_kinds,
    mamba2,
    mixture,
    residual_layer,
    rms_norms,
    stacked,
)
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config
    from ..layers import Dimensions

MODEL_TYPES = ("granitemoehybrid",)
MODULES = {"experts": ("block_sparse_moe",), "shared_mlp": ("",)}
SPELLINGS = {"layers_block_type": "layer_types"}
DEFAULTS = {
    "granitemoehybrid": {
        "mamba_d_conv": 4,
        "mamba_d_state": 256,
        "mamba_n_groups": 1,
        "mamba_n_heads": 128,
        "num_local_experts": 8,
        "shared_intermediate_size": 1024,
    }
}
INTO_MIXER, INTO_NETWORK = "input_layernorm", "post_attention_layernorm"
KINDS = {"mamba": "mamba", "linear_attention": "mamba", "attention": "attention", "full_attention": "attention"}
POSITIONS = {"nope": "", "rope": "rope"}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order; the multipliers of the residual stream are factors of products, and cost nothing."""
    d, m = dimensions(config), _mamba(config)
    network, bias = tuple(_network(config, d)), config.flag("attention_bias")
    rotary = bool(config.choice("position_embedding_type", among=POSITIONS, default="nope"))

    def build(kind: str) -> tuple[Operator, ...]:
        mixer = (
            mamba2(m, INTO_MIXER, norm="mamba.norm")
            if kind == "mamba"
            else attention(d, INTO_MIXER, qkv_bias=bias, out_bias=bias, rotary=rotary)
        )
        return residual_layer(d.hidden, mixer, network, rms_norms(d.hidden))

    kinds = layer_kinds(config, "layer_types", KINDS, d.layers) or ["mamba"] * d.layers
    yield Block("embedding", 1, (Embedding("embed_tokens", (), d.vocabulary, d.hidden),))
    yield from stacked(kinds, {kind: f"{kind} layers" for kind in kinds}, build)
    yield head(d, norm="norm", tied=config.flag("tie_word_embeddings"))


def _network(config: Config, d: Dimensions) -> Iterator[Operator]:
    """The shared network, and the experts that it runs beside where there are any."""
    shared = replace(d, ffn=config.count("shared_intermediate_size"))
    function = config.choice("hidden_act", among=SILU, default="silu")
    names = "shared_mlp.input_linear", "shared_mlp.output_linear"
    beside = fused_gated_mlp(shared, INTO_NETWORK, function, names)
    if not config.fields.get("num_local_experts"):
        config.ignore("num_experts_per_tok")  # of none
        return beside
    experts = expert_dimensions(config, d.hidden, ffn="intermediate_size", experts="num_local_experts")
    return mixture(replace(experts, fused=True), INTO_NETWORK, router="router", network=beside)


def _mamba(config: Config) -> Mamba2:
    hidden, heads = config.count("hidden_size"), config.count("mamba_n_heads")
    channels = config.count("mamba_expand", default=2) * hidden
    size = config.divides("mamba_n_heads", heads, "mamba_expand", channels)
    stated = config.fields.get("mamba_d_head", "auto")
    if stated != "auto" and config.count("mamba_d_head") != size:
        config.problem(f"'mamba_d_head' must be {size:,}, the channels of a head (got {shown(stated)}).")
    return Mamba2(
        hidden,
        heads,
        size,
        config.count("mamba_n_groups"),
        config.count("mamba_d_state"),
        config.count("mamba_d_conv"),
        bias=config.flag("mamba_proj_bias"),
        conv_bias=config.flag("mamba_conv_bias", default=True),
    )
