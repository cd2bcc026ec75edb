"""MiMo-V2-Flash (arXiv 2601.02780): small windows with sinks on five of six layers, which have more KV heads.

Values are narrower than keys, and a third of a head is rotated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from ..layers import attention, dimensions, expert_dimensions, gated_mlp, layer_kinds, mixed_decoder, mixture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...operators import Operator
    from ..config import Config
    from ..layers import Dimensions
    from ..model import Block

Kind = TypeVar("Kind")

MODEL_TYPES = ("mimo_v2_flash",)
DEFAULTS = {"mimo_v2_flash": {"head_dim": 192, "v_head_dim": 128}}
SPELLINGS = {"num_local_experts": "n_routed_experts"}
SOURCE = "post_attention_layernorm"
KINDS = {"full_attention": "full", "sliding_attention": "sliding"}
NETWORKS = {"dense": False, "sparse": True}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    config.ignore("attention_chunk_size")  # the window, said again
    config.ignore("attention_value_scale")  # a factor of values, applied where they are made
    d = dimensions(config, kv_heads_stated=True)
    bias = config.flag("attention_bias")
    shapes = _shapes(config, d)

    def attention_rows(kind: str) -> Iterable[Operator]:
        shape, value, sinks, window = shapes[kind]
        return attention(
            shape,
            "input_layernorm",
            qkv_bias=bias,
            rotary_size=int(shape.head_size * _share(config, kind)),
            window=window,
            sinks=sinks,
            value_size=value,
        )

    m = expert_dimensions(config, d.hidden, experts="n_routed_experts")
    m = replace(m, shared=m.ffn * config.count("n_shared_experts", default=0, least=0))
    kinds = _listed(config, d.layers, ("layer_types", KINDS), ("hybrid_layer_pattern", {0: "full", 1: "sliding"}))
    sparse = _listed(config, d.layers, ("mlp_layer_types", NETWORKS), ("moe_layer_freq", {0: False, 1: True}))
    networks = gated_mlp(d, SOURCE, m.function), mixture(m, SOURCE)
    tied = config.flag("tie_word_embeddings")
    return mixed_decoder(d, list(zip(kinds, sparse, strict=True)), attention_rows, networks, tied=tied)


def _shapes(config: Config, d: Dimensions) -> dict[str, tuple[Dimensions, int, bool, int | None]]:
    """Dimensions, elements of a value [1], sinks and window [token] of each kind of attention."""
    heads = config.count("swa_num_attention_heads", default=d.heads)
    kv_heads = config.count("swa_num_key_value_heads", default=2 * d.kv_heads)
    config.divides("swa_num_key_value_heads", kv_heads, "swa_num_attention_heads", heads)
    size, value = config.count("swa_head_dim", default=d.head_size), config.count("v_head_dim", default=d.head_size)
    sinks = config.flag("add_swa_attention_sink_bias", default=True)
    narrow = replace(d, heads=heads, kv_heads=kv_heads, head_size=size)
    return {
        "full": (d, value, config.flag("add_full_attention_sink_bias"), None),
        "sliding": (narrow, config.count("swa_v_head_dim", default=value), sinks, _window(config)),
    }


def _share(config: Config, kind: str) -> float:
    """Share of a head that is rotated [1]; Transformers writes one for each kind of attention."""
    share = config.fraction("partial_rotary_factor", default=1.0)
    if config.fields.get("rope_parameters") is None:
        return share
    part = config.part("rope_parameters").part(f"{kind}_attention")
    return part.fraction("partial_rotary_factor", default=share)


def _window(config: Config) -> int:
    """Keys that a query sees in layers with a window: as many before it as one key says, and itself [token]."""
    before = config.optional_count("sliding_window_size")
    if before is None:
        return config.count("sliding_window")
    config.ignore("sliding_window")  # said again
    return before + 1


def _listed(config: Config, layers: int, *lists: tuple[str, Mapping[Any, Kind]]) -> list[Kind]:
    """Kind of each layer, by the first of some lists; one must be there."""
    found = [layer_kinds(config, key, among, layers) for key, among in lists]
    if all(config.fields.get(key) is None for key, _ in lists):
        config.problem(f"{' or '.join(repr(key) for key, _ in lists)} is missing.")
    return next(filter(None, found), [*lists[0][1].values()][:1] * layers)
