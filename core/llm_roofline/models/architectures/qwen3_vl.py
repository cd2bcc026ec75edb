"""Qwen3-VL (arXiv 2511.21631): Qwen 3 behind a tower that reads images.

The text sees not the last layer of the tower alone: results of some layers before it are merged as well, and added to
the first layers of the text where the image stands (DeepStack).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Norm
from ...operators.counts import Merged
from ..layers import ACTIVATIONS, Dimensions, VisionNames, patches, projector, vision_layer
from ..model import Block, Tower
from . import qwen3

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("qwen3_vl",)
SPELLINGS = {"vision_config": {"num_attention_heads": "num_heads", "num_hidden_layers": "depth"}}
TOWER = {
    "num_position_embeddings": 2304,
    "out_hidden_size": 3584,
    "patch_size": 16,
    "spatial_merge_size": 2,
    "temporal_patch_size": 2,
}
DEEPSTACK = {"deepstack_visual_indexes": [8, 16, 24]}
DEFAULTS = {"qwen3_vl": {"vision_config": TOWER | DEEPSTACK}}
NAMES = VisionNames(("norm1", "norm2"), ("attn.qkv", "attn.proj"), ("mlp.linear_fc1", "mlp.linear_fc2"))


def blocks(config: Config) -> Iterator[Block]:
    """Blocks of the text, in forward order."""
    return qwen3.blocks(config.part("text_config"), tied=tied(config))


def tied(config: Config) -> bool:
    """Whether the head shares the embedding's weights, as the whole says, whatever the part on text does."""
    config.part("text_config").ignore("tie_word_embeddings")
    return config.flag("tie_word_embeddings")


def vision(config: Config) -> Tower | None:
    """The tower, with an image of as many patches as there are learned positions."""
    if config.fields.get("vision_config") is None:
        return None
    part = config.part("vision_config")
    hidden, layers, heads = (part.count(key) for key in ("hidden_size", "depth", "num_heads"))
    size = part.divides("num_heads", heads, "hidden_size", hidden)
    d = Dimensions(hidden, layers, heads, heads, size, part.count("intermediate_size"), 0)
    channels, positions = part.count("in_channels", default=3), part.count("num_position_embeddings")
    patch = part.count("temporal_patch_size") * part.count("patch_size") ** 2
    function = part.choice("hidden_act", among=ACTIVATIONS, default="gelu_pytorch_tanh")
    merged, text = part.count("spatial_merge_size") ** 2, part.count("out_hidden_size")
    taps = len(part.layer_numbers("deepstack_visual_indexes") or ())
    names = "patch_embed.proj", "pos_embed"
    return Tower(
        "vision",
        (
            Block("embedding", 1, patches(names, channels, patch, hidden, positions=positions)),
            Block("layers", layers, vision_layer(d, NAMES, function)),
            *([Block("deepstack", taps, tuple(_merger(hidden, merged, text, together=True)))] if taps else ()),
            Block("merger", 1, tuple(_merger(hidden, merged, text, together=False))),
        ),
        tokens=positions,
    )


def _merger(hidden: int, merged: int, text: int, *, together: bool) -> Iterator[Operator]:
    """Neighbouring patches become a token; they are normalised together in DeepStack, else each by itself."""
    groups, width = Merged(merged), merged * hidden
    source = ("mlp_add",)  # of the layers
    if together:
        yield Norm("norm", source, width, layer_norm=True, bias=True, per=groups)
    else:
        yield Norm("norm", source, hidden, layer_norm=True, bias=True)
    yield from projector(("linear_fc1", "linear_fc2"), "norm", width, text, merged=groups)
