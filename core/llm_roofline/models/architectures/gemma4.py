"""Gemma 4 (Google 2026): windows on five of six layers, and wide heads whose keys serve as values on the sixth.

A mixture of experts may run beside the dense network, each behind norms of its own, and each layer may add what an
embedding of its own says of a token.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...operators import HIDDEN, Activation, Elementwise, Embedding, Linear, Norm, ResidualAdd
from ...operators.counts import Merged
from ..layers import (
    ACTIVATIONS,
    MLP,
    Dimensions,
    Mixture,
    attention,
    dimensions,
    expert_dimensions,
    gated_mlp,
    head,
    kind_overrides,
    layer_kinds,
    mixture,
    sandwich_layer,
    stacked,
)
from ..model import Block, Tower

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("gemma4",)
MODULES = {"experts": ("",)}  # beside `mlp`, not in it
DEFAULTS = {
    "gemma4": {
        "tie_word_embeddings": True,
        "text_config": {"head_dim": 256, "hidden_size_per_layer_input": 256, "vocab_size_per_layer_input": 262144},
        "vision_config": {
            "head_dim": 64,
            "num_key_value_heads": 12,
            "patch_size": 16,
            "pooling_kernel_size": 3,
            "position_embedding_size": 10240,
        },
    }
}
NORMS = "input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"
GLOBAL_HEAD_SIZE, WINDOW, PATTERN, ROTARY = 512, 512, 6, 0.25  # where the configuration does not say
COLOURS, IMAGE = 3, 280  # tokens of the text that an image takes where the configuration does not say
KINDS = {"sliding_attention": "sliding", "full_attention": "full"}
PER_LAYER = "per_layer_add"  # what the embeddings of all layers say of a token


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    text = config.part("text_config")
    d = dimensions(text, kv_heads_stated=True)
    window = text.count("sliding_window", default=WINDOW)
    function = text.choice("hidden_activation", among=ACTIVATIONS, default="gelu_pytorch_tanh")
    kinds = layer_kinds(text, "layer_types", KINDS, d.layers) or [
        "sliding" if (i + 1) % PATTERN else "full" for i in range(d.layers)
    ]
    kinds[-1] = "full"  # whatever the list says
    wide, same, rotary = _global(text, d, kinds)
    bias, own = text.flag("attention_bias"), text.count("hidden_size_per_layer_input", default=0, least=0)
    rows = text.count("vocab_size_per_layer_input", default=d.vocabulary)
    config.part("text_config").ignore("tie_word_embeddings", "use_double_wide_mlp")  # the whole's; of shared keys alone
    text.choice(
        "use_bidirectional_attention", among={"vision": "vision"}, default="vision"
    )  # among patches of an image

    def layer(kind: str) -> Iterable[Operator]:
        full = kind == "full"
        attention_rows = attention(
            wide if full else d,
            NORMS[0],
            qkv_bias=bias,
            out_bias=bias,
            qk_norm=True,
            rotary_size=rotary if full else None,
            window=None if full else window,
            value_proj=not (full and same),
            value_norm=True,
        )
        layer_rows = sandwich_layer(d.hidden, attention_rows, _network(d, m, function), NORMS)
        return (*layer_rows, *_added(d.hidden, own, function)) if own else layer_rows

    m = _mixture(text, d.hidden, function)
    yield Block("embedding", 1, tuple(_embeddings(d, rows, own)))
    yield from stacked(kinds, {kind: f"{kind} layers" for kind in kinds}, layer)
    yield head(d, norm="norm", tied=config.flag("tie_word_embeddings", default=True))


def vision(config: Config) -> Tower | None:
    """The tower, with an image of as many patches as its tokens of the text are pooled from."""
    if config.fields.get("vision_config") is None:
        return None
    part = config.part("vision_config")
    part.ignore("use_clipped_linears")  # they clamp in the kernel of the product
    part.ignore("global_head_dim")  # every layer sees the whole image
    part.ignore("standardize", "attention_bias")  # a shift of results; and no projection here has biases
    part.ignore("image_seq_length", "video_seq_length", "max_position_embeddings")  # of the tokens it makes
    hidden, layers, ffn = (part.count(k) for k in ("hidden_size", "num_hidden_layers", "intermediate_size"))
    heads = part.count("num_attention_heads")
    kv_heads, size = part.count("num_key_value_heads", default=heads), part.count("head_dim")
    d = Dimensions(hidden, layers, heads, kv_heads, size, ffn, 0)
    function = part.choice("hidden_activation", among=ACTIVATIONS, default="gelu_pytorch_tanh")
    attention_rows = attention(d, NORMS[0], qk_norm=True, value_norm=True, reach="both ways")
    rows = sandwich_layer(hidden, attention_rows, gated_mlp(d, NORMS[2], function), NORMS)
    pooled = part.count("pooling_kernel_size") ** 2
    config.ignore("vision_soft_tokens_per_image")  # what 'default_output_length' says
    text = config.part("text_config").count("hidden_size")
    patch, positions = COLOURS * part.count("patch_size") ** 2, part.count("position_embedding_size")
    return Tower(
        "vision",
        (
            Block("embedding", 1, tuple(_patches(patch, hidden, positions))),
            Block("layers", layers, rows),
            Block("projector", 1, tuple(_projector(hidden, text, pooled))),
        ),
        tokens=pooled * part.count("default_output_length", default=IMAGE),
    )


def _embeddings(d: Dimensions, rows: int, own: int) -> Iterator[Operator]:
    """The embedding, and where layers have ones of their own, these beside a projection of it for each of them."""
    yield Embedding("embed_tokens", (), d.vocabulary, d.hidden)
    if own:
        width, projection, norm = d.layers * own, "per_layer_model_projection", "per_layer_projection_norm"
        yield Embedding("embed_tokens_per_layer", (), rows, width)
        yield Linear(projection, ("embed_tokens",), d.hidden, width, MLP)
        yield Norm(norm, (projection,), width, groups=d.layers, role="post")
        yield ResidualAdd(PER_LAYER, (norm, "embed_tokens_per_layer"), width)


def _added(hidden: int, own: int, function: str) -> Iterator[Operator]:
    """What a layer adds of its own embedding, gated by what it has made of the token."""
    gate, act, back, norm = "per_layer_input_gate", "per_layer_act", "per_layer_projection", "post_per_layer_input_norm"
    yield Linear(gate, ("mlp_add",), hidden, own, MLP)
    yield Activation(act, (gate, PER_LAYER), own, hidden, function, gated=True)
    yield Linear(back, (act,), own, hidden, MLP)
    yield Norm(norm, (back,), hidden, role="post")
    yield ResidualAdd("per_layer_input_add", ("mlp_add", norm), hidden)


def _patches(patch: int, hidden: int, positions: int) -> Iterator[Operator]:
    """Patches, projected, and learned positions along each side of the image."""
    places = "position_embedding_table.x", "position_embedding_table.y"
    yield Linear("input_proj", (), patch, hidden, "embedding", stored="wide")
    for name in places:
        yield Embedding(name, (), positions, hidden)
    yield ResidualAdd("pos_add", ("input_proj", *places), hidden)


def _projector(hidden: int, text: int, pooled: int) -> Iterator[Operator]:
    """The mean of neighbouring patches, scaled and shifted, becomes a token of the text."""
    work = (pooled + 3) * hidden  # the sum, its share, scale and shift
    name, norm, merged = "pooler", "embedding_pre_projection_norm", Merged(pooled)
    yield Elementwise(name, (HIDDEN,), pooled * hidden, hidden, work, "the mean of neighbouring patches", per=merged)
    yield Norm(norm, (name,), hidden, affine=False, per=merged)
    yield Linear("embedding_projection", (norm,), hidden, text, MLP, per=merged)


def _global(config: Config, d: Dimensions, kinds: list[str]) -> tuple[Dimensions, bool, int]:
    """Dimensions of layers that see all tokens, whether keys serve as values, and rotated elements of a head [1]."""
    size, same = config.count("global_head_dim", default=GLOBAL_HEAD_SIZE), config.flag("attention_k_eq_v")
    kv_heads = config.count("num_global_key_value_heads", default=d.kv_heads)
    kv_heads = kv_heads if same else d.kv_heads
    written = kind_overrides(config, kinds, ("head_dim", "num_key_value_heads"))
    if written is not None:
        own = written["full"]
        size, kv_heads = own.get("head_dim", d.head_size), own.get("num_key_value_heads", d.kv_heads)
        if written.get("sliding"):
            config.problem("'per_layer_config' must leave layers with a window as the others say they are.")
    config.divides("num_global_key_value_heads", kv_heads, "num_attention_heads", d.heads)
    rotary = ROTARY
    if config.fields.get("rope_parameters") is not None:
        rotary = config.part("rope_parameters").part("full_attention").fraction("partial_rotary_factor", default=1.0)
    return replace(d, head_size=size, kv_heads=kv_heads), same, int(size * rotary)


def _mixture(config: Config, hidden: int, function: str) -> Mixture | None:
    """Experts, each with a factor of its own for its score; None where there are none."""
    if not config.flag("enable_moe_block"):
        config.ignore("num_experts", "moe_intermediate_size", "top_k_experts")
        return None
    return replace(expert_dimensions(config, hidden, chosen="top_k_experts"), function=function, route_bias=True)


def _network(d: Dimensions, m: Mixture | None, function: str) -> Iterator[Operator]:
    """The dense network and, where there are any, the experts beside it, which read what comes before its norm."""
    yield from gated_mlp(d, NORMS[2], function)
    if m is None:
        return
    before, after = "pre_feedforward_layernorm_2", ("post_feedforward_layernorm_1", "post_feedforward_layernorm_2")
    yield Norm(after[0], ("down_proj",), d.hidden, role="post")
    yield Norm("router.norm", ("attn_add",), d.hidden)
    yield Norm(before, ("attn_add",), d.hidden)
    yield from mixture(m, before, router="router.proj", router_source="router.norm")
    yield Norm(after[1], ("experts.sum",), d.hidden, role="post")
    yield ResidualAdd("network_add", after, d.hidden)
