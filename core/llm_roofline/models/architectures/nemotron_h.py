"""Nemotron-H and Nemotron 3 (arXiv 2504.03624, 2512.20856): one part a layer, Mamba-2, attention, a network or experts.

Experts have no gate; those of Nemotron 3 Super and Ultra work on a latent (arXiv 2601.18089).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...basics import shown
from ...operators import Embedding, Norm
from ..config import MOST_LAYERS
from ..layers import (
    ACTIVATIONS,
    SILU,
    Dimensions,
    Mamba2,
    Mixture,
    Part,
    attention,
    head,
    latent_mixture,
    layer,
    mamba2,
    mixture,
    plain_mlp,
    stacked,
)
from ..model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("nemotron_h",)
SPELLINGS = {"layer_types": "layers_block_type", "num_local_experts": "n_routed_experts"}
DEFAULTS = {
    "nemotron_h": {
        "conv_kernel": 4,
        "mamba_head_dim": 64,
        "mamba_num_heads": 128,
        "moe_shared_expert_intermediate_size": 7688,
        "n_groups": 8,
        "ssm_state_size": 128,
    }
}
HEAD_SIZE = 128  # where the configuration does not say
KINDS = {
    "M": "mamba",
    "*": "attention",
    "-": "mlp",
    "E": "expert",
    "mamba": "mamba",
    "attention": "attention",
    "mlp": "mlp",
    "moe": "expert",
    "linear_attention": "mamba",
    "full_attention": "attention",
}
PREDICTING = "*E"  # parts of a layer that predicts further tokens, where the configuration does not say
LATENT = "fc1_latent_proj", "fc2_latent_proj"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order; attention has no positions, which the states tell it."""
    config.ignore("mtp_hybrid_override_pattern", "mtp_layers_block_type")  # read by ``predicting``
    kinds = _kinds(config)
    d, m = _dimensions(config, kinds), _mamba(config)
    function = config.choice("mlp_hidden_act", among=ACTIVATIONS, default="relu2")
    if "expert" not in kinds:
        config.ignore("n_routed_experts", "n_shared_experts", "moe_intermediate_size", "moe_latent_size")
        config.ignore("num_experts_per_tok", "moe_shared_expert_intermediate_size")

    def rows(kind: str, source: str) -> Iterator[Operator]:
        if kind == "mamba":
            return mamba2(m, source, norm="mixer.norm")
        if kind == "attention":
            return attention(d, source, rotary=False)
        if kind == "mlp":
            return plain_mlp(d, source, function, ("up_proj", "down_proj"), bias=config.flag("mlp_bias"))
        return _experts(config, source, function)

    def build(kind: str) -> Iterator[Operator]:
        part = Part("mixer", "norm", lambda source: rows(kind, source))
        return layer(d.hidden, lambda name, source: Norm(name, (source,), d.hidden), [part])

    yield Block("embedding", 1, (Embedding("embeddings", (), d.vocabulary, d.hidden),))
    yield from stacked(kinds, {kind: f"{kind} layers" for kind in kinds}, build)
    yield head(d, norm="norm_f", tied=config.flag("tie_word_embeddings"))


def predicting(config: Config, layers: int) -> dict[str, Any]:
    """Keys of layers that predict further tokens, each of several parts (arXiv 2512.20856).

    Attention and experts where nothing is said, as in Transformers; checkpoints number the parts (``mtp.layers.N``).
    """
    stated = config.stated("mtp_layers_block_type") or list(config.text("mtp_hybrid_override_pattern") or PREDICTING)
    parts = stated if isinstance(stated, list) else [stated]
    return {"num_hidden_layers": None, "layers_block_type": parts * layers, "hybrid_override_pattern": None}


def _kinds(config: Config) -> list[str]:
    """What each layer is, as a list of words says, or a letter each."""
    said, stated = config.optional_count("num_hidden_layers"), config.sequence("layers_block_type")
    pattern = config.text("hybrid_override_pattern")
    if stated is None and pattern:
        stated = list(pattern)
    if (
        not stated
        or len(stated) > MOST_LAYERS
        or any(not isinstance(kind, str) or kind not in KINDS for kind in stated)
    ):
        config.problem(
            f"'layers_block_type' or 'hybrid_override_pattern' must say what each layer is, "
            f"one of {', '.join(KINDS)} (got {shown(stated or pattern)})."
        )
        return ["mamba"]
    if said not in (None, len(stated)):
        config.problem(f"'num_hidden_layers' must be the layers that are listed (got {said:,} and {len(stated):,}).")
    return [KINDS[kind] for kind in stated]


def _dimensions(config: Config, kinds: list[str]) -> Dimensions:
    hidden, heads = config.count("hidden_size"), config.count("num_attention_heads")
    kv_heads = config.count("num_key_value_heads")
    config.divides("num_key_value_heads", kv_heads, "num_attention_heads", heads)
    if config.flag("attention_bias"):
        config.problem("'attention_bias' = True is not supported: attention here has no biases.")
    size = config.count("head_dim", "attention_head_dim", default=HEAD_SIZE)
    ffn, vocabulary = config.count("intermediate_size"), config.count("vocab_size")
    if "mlp" not in kinds:
        config.ignore("intermediate_size")
    return Dimensions(hidden, len(kinds), heads, kv_heads, size, ffn, vocabulary)


def _mamba(config: Config) -> Mamba2:
    config.ignore("time_step_rank", "expand", "partial_rotary_factor")  # of the mixers and positions of others
    config.choice("mamba_hidden_act", among=SILU, default="silu")
    m = Mamba2(
        config.count("hidden_size"),
        config.count("mamba_num_heads"),
        config.count("mamba_head_dim"),
        config.count("n_groups"),
        config.count("ssm_state_size"),
        config.count("conv_kernel"),
        bias=config.flag("use_bias"),
        conv_bias=config.flag("use_conv_bias", default=True),
    )
    config.divides("n_groups", m.groups, "mamba_num_heads", m.heads)
    return m


def _experts(config: Config, source: str, function: str) -> Iterator[Operator]:
    keys = "hidden_size", "moe_intermediate_size", "n_routed_experts", "num_experts_per_tok"
    hidden, ffn, experts, chosen = (config.count(key) for key in keys)
    config.within("num_experts_per_tok", chosen, "n_routed_experts", experts)
    if config.flag("mlp_bias"):
        config.problem("'mlp_bias' = True is not supported: networks beside experts have no biases here.")
    config.ignore("n_shared_experts")  # the width below is that of all of them together
    shared = config.count("moe_shared_expert_intermediate_size")
    m = Mixture(hidden, ffn, experts, chosen, function, gated=False, shared=shared)
    latent = config.optional_count("moe_latent_size")
    return latent_mixture(m, source, latent, LATENT) if latent else mixture(m, source)
