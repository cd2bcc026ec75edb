"""Kimi Linear (arXiv 2510.26692): Kimi delta attention on three of four layers, latent attention on one; experts.

Kimi K3's text (arXiv 2607.24653) has gates of attention, experts that work on a latent, and attention over depth.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..layers import (
    ACTIVATIONS,
    KimiDelta,
    are_sparse,
    expert_dimensions,
    gated_mlp,
    kimi_delta,
    latent_attention,
    latent_dimensions,
    latent_mixture,
    layer_kinds,
    mixed_decoder,
    mixture,
)
from .deepseek_v2 import LATENT_128

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config
    from ..layers import Dimensions
    from ..model import Block

MODEL_TYPES = ("kimi_linear",)
SPELLINGS = {
    "n_shared_experts": "num_shared_experts",
    "num_experts_per_tok": "num_experts_per_token",
    "num_local_experts": "num_experts",
}
DEFAULTS = {"kimi_linear": LATENT_128 | {"num_shared_experts": 1}}
INTO_ATTENTION, INTO_NETWORK = "input_layernorm", "post_attention_layernorm"
FUNCTIONS = ACTIVATIONS | {"situ": "situ"}
LATENT = "routed_expert_down_proj", "routed_expert_up_proj"
KINDS = {"linear_attention": "linear", "full_attention": "full"}
SIZES = {"linear_num_heads": 32, "linear_head_dim": 128, "linear_conv_kernel_dim": 4}  # where they are absent
INTERVAL = 4  # likewise: one layer in so many has latent attention
DENSE = 1  # layers before the first with experts, where the configuration does not say


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order; attention has no positions, which the states tell it."""
    config.ignore("num_nextn_predict_layers")  # layers that predict further tokens are no part of the model itself
    d, latent = latent_dimensions(config)
    delta, kinds = _delta(config, d)
    config.ignore("activation_situ_beta", "activation_situ_linear_beta")  # numbers of its formula
    if not config.flag("mla_use_nope", default=True):
        config.problem("'mla_use_nope' = False is not supported: keys of latent attention are not rotated here.")
    gated = config.flag("mla_use_output_gate")

    def attention_rows(kind: str) -> Iterable[Operator]:
        if kind == "linear":
            return kimi_delta(delta, INTO_ATTENTION)
        return latent_attention(latent, INTO_ATTENTION, rotary=False, gated=gated)

    return mixed_decoder(
        d,
        list(zip(kinds, are_sparse(config, d.layers, dense=DENSE), strict=True)),
        attention_rows,
        _networks(config, d),
        tied=config.flag("tie_word_embeddings"),
        depth=config.optional_count("attn_res_block_size"),
    )


def context_limit(config: Config) -> int | None:
    """Longest context [token]."""
    return config.optional_count("model_max_length", "max_position_embeddings")


def _delta(config: Config, d: Dimensions) -> tuple[KimiDelta, list[str]]:
    """Dimensions of delta attention, and the kind of attention of each layer.

    Files that Transformers writes say them at their top, and beside the checkpoint's own object where there is one.
    """
    stated = layer_kinds(config, "layer_types", KINDS, d.layers)
    if config.fields.get("linear_attn_config") is None:
        heads, size, width = (config.count(key, default=usual) for key, usual in SIZES.items())
        listed = ["full" if i and i % INTERVAL == 0 else "linear" for i in range(d.layers)]
        return KimiDelta(d.hidden, heads, size, width), stated or listed
    config.ignore(*SIZES)
    part = config.part("linear_attn_config")
    part.ignore("gate_lower_bound")  # clamps
    keys = "num_heads", "head_dim", "short_conv_kernel_size"
    heads, size, width = (part.count(key, default=usual) for key, usual in zip(keys, SIZES.values(), strict=True))
    delta = KimiDelta(d.hidden, heads, size, width, full_gate=part.flag("use_full_rank_gate"))
    listed = _kinds(part, d.layers)
    return delta, stated or listed


def _kinds(config: Config, layers: int) -> list[str]:
    """Kind of attention of each layer, as two lists of layers say, counted from 1."""
    full, linear = (config.layer_numbers(key) or frozenset() for key in ("full_attn_layers", "kda_layers"))
    if full & linear or full | linear != {*range(1, layers + 1)}:
        config.problem(f"'full_attn_layers' and 'kda_layers' must hold each of the layers from 1 to {layers:,} once.")
    return ["full" if i + 1 in full else "linear" for i in range(layers)]


def _networks(config: Config, d: Dimensions) -> tuple[Iterable[Operator], Iterable[Operator]]:
    """The dense network and the experts."""
    m = expert_dimensions(config, d.hidden, chosen="num_experts_per_token", functions=FUNCTIONS)
    m = replace(m, shared=m.ffn * config.count("num_shared_experts", default=0, least=0))
    dense = gated_mlp(d, INTO_NETWORK, m.function)
    width = config.optional_count("routed_expert_hidden_size")
    if width is None:
        return dense, mixture(m, INTO_NETWORK)
    norm = "routed_expert_norm" if config.flag("latent_moe_use_norm") else ""
    return dense, latent_mixture(m, INTO_NETWORK, width, LATENT, norm)
