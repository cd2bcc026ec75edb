"""SmolLM3 (Hugging Face 2025): Llama's layer, three times with rotary positions, the fourth time without any.

Layers without positions may have a window; the released models have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..layers import ACTIVATIONS, attention, dimensions, gated_mlp, layer_kinds, mixed_decoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from ..config import Config
    from ..model import Block

MODEL_TYPES = ("smollm3",)
SOURCE = "post_attention_layernorm"
ROTATED = {1: True, 0: False}  # the key says which layers have positions, whatever its name
SLIDES = {"sliding_attention": True, "full_attention": False}
NAMES = {(True, False): "RoPE", (False, False): "NoPE", (True, True): "sliding RoPE", (False, True): "sliding NoPE"}


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    d = dimensions(config, kv_heads_stated=True)
    bias = config.flag("attention_bias")
    function = config.choice("hidden_act", among=ACTIVATIONS, default="silu")
    rotated = _rotated(config, d.layers)
    window, sliding = _windows(config, rotated)
    kinds = [NAMES[kind] for kind in zip(rotated, sliding, strict=True)]

    def attention_rows(kind: str) -> Iterable[Operator]:
        return attention(
            d,
            "input_layernorm",
            qkv_bias=bias,
            out_bias=bias,
            rotary=kind.endswith("RoPE"),
            window=window if kind.startswith("sliding") else None,
        )

    return mixed_decoder(
        d,
        [(kind, False) for kind in kinds],
        attention_rows,
        (gated_mlp(d, SOURCE, function, bias=config.flag("mlp_bias")), ()),
        tied=config.flag("tie_word_embeddings", default=True),
    )


def _rotated(config: Config, layers: int) -> list[bool]:
    """Whether each layer has positions: as a list says, or all but every so many."""
    every = config.count("no_rope_layer_interval", default=4)
    stated = layer_kinds(config, "no_rope_layers", ROTATED, layers)
    return stated or [(i + 1) % every != 0 for i in range(layers)]


def _windows(config: Config, rotated: list[bool]) -> tuple[int | None, list[bool]]:
    """Width of the window [token], and whether each layer has one: as a list says, or those without positions."""
    stated = layer_kinds(config, "layer_types", SLIDES, len(rotated))
    if not config.flag("use_sliding_window"):
        config.ignore("sliding_window", "layer_types")  # without effect then
        return None, [False] * len(rotated)
    window = config.optional_count("sliding_window")
    return window, stated or [window is not None and not positions for positions in rotated]
