"""Qwen 2.5 VL (arXiv 2502.13923): Qwen 2 behind a tower whose layers see a window of the image, but for a few."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Convolution, Norm
from ...operators.counts import Merged
from ..layers import ACTIVATIONS, Dimensions, Part, fused_attention, gated_mlp, layer, projector, stacked
from ..model import Block, Tower
from ..wrapped import text_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("qwen2_5_vl",)
TEXT = "qwen2"
SPELLINGS = {"vision_config": {"num_attention_heads": "num_heads", "num_hidden_layers": "depth"}}
TOWER = {
    "fullatt_block_indexes": [7, 15, 23, 31],
    "out_hidden_size": 3584,
    "patch_size": 14,
    "spatial_merge_size": 2,
    "temporal_patch_size": 2,
    "window_size": 112,
}
DEFAULTS = {"qwen2_5_vl": {"vision_config": TOWER}}
IMAGE = 1280  # tokens of the text; no size is configured, and the model's page recommends no more [token]
blocks = text_blocks


def vision(config: Config) -> Tower | None:
    """The tower, with an image of as many tokens as the model's page recommends at most."""
    if config.fields.get("vision_config") is None:
        return None
    part = config.part("vision_config")
    part.ignore("spatial_patch_size", "tokens_per_second")  # the patch's size, said again; positions in a video
    hidden, layers, heads = (part.count(key) for key in ("hidden_size", "depth", "num_heads"))
    size = part.divides("num_heads", heads, "hidden_size", hidden)
    d = Dimensions(hidden, layers, heads, heads, size, part.count("intermediate_size"), 0)
    channels, patch = part.count("in_channels", "in_chans", default=3), part.count("patch_size")
    width = part.count("temporal_patch_size") * patch**2
    function = part.choice("hidden_act", among=ACTIVATIONS, default="silu")
    side, text = part.count("spatial_merge_size"), part.count("out_hidden_size")
    window = (max(part.count("window_size") // side // patch, 1) * side) ** 2
    whole = part.layer_numbers("fullatt_block_indexes") or ()
    kinds = ["full" if i in whole else "window" for i in range(layers)]
    embedding = Convolution("patch_embed.proj", (), channels, hidden, width, stride=width, bias=False)
    return Tower(
        "vision",
        (
            Block("embedding", 1, (embedding,)),
            *stacked(
                kinds,
                {kind: f"{kind} layers" for kind in kinds},
                lambda kind: _layer(d, function, window if kind == "window" else None),
            ),
            Block("merger", 1, tuple(_merger(hidden, side**2, text))),
        ),
        tokens=IMAGE * side**2,
    )


def _layer(d: Dimensions, function: str, window: int | None) -> Iterator[Operator]:
    """A layer in which patches see all others, or those of their window of so many patches."""
    names, reach = ("attn.qkv", "attn.proj"), "windows" if window else "both ways"

    def attend(source: str) -> Iterator[Operator]:
        turned = d.head_size
        return fused_attention(
            d, source, names=names, bias=True, out_bias=True, rotary_size=turned, window=window, reach=reach
        )

    parts = (
        Part("attn", "norm1", attend),
        Part("mlp", "norm2", lambda source: gated_mlp(d, source, function, bias=True)),
    )
    return layer(d.hidden, lambda name, source: Norm(name, (source,), d.hidden), parts)


def _merger(hidden: int, merged: int, text: int) -> Iterator[Operator]:
    """Neighbouring patches become a token, each normalised by itself."""
    yield Norm("ln_q", (HIDDEN,), hidden)
    yield from projector(("mlp.0", "mlp.2"), "ln_q", merged * hidden, text, merged=Merged(merged))
