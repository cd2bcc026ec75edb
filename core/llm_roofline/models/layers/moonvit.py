"""MoonViT, the tower of Kimi's models that reads images of any size (arXiv 2504.07491, section 2.1)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...basics import shown
from ...operators import HIDDEN, Norm
from ...operators.counts import Merged
from ..config import LARGEST
from ..model import Block, Tower
from .dimensions import Dimensions
from .mlp import ACTIVATIONS
from .vision import VisionNames, patches, projector, vision_layer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

COLOURS = 3
MOONVIT = {"patch_size": 14, "pos_emb_height": 64, "pos_emb_width": 64}
"""What its class takes where keys are absent."""
NAMES = VisionNames(("norm0", "norm1"), ("wqkv", "wo"), ("mlp.fc0", "mlp.fc1"))
LAYER_NORM = {"layernorm": "layernorm", "rmsnorm": ""}
PROJECTORS = {"patchmerger": "", "patchmergerv2": "v2"}


def moonvit(config: Config) -> Tower | None:
    """The tower of a configuration that has one, with an image of as many patches as there are learned positions.

    Of a video, frames would be pooled before the projector; an image is one frame.
    """
    if config.fields.get("vision_config") is None:
        return None
    vision = config.part("vision_config")
    keys = "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size"
    hidden, layers, heads, ffn = (vision.count(f"vt_{key}", key) for key in keys)
    width = vision.count("qkv_hidden_size", default=hidden)
    size = vision.divides("vt_num_attention_heads", heads, "qkv_hidden_size", width)
    d = Dimensions(hidden, layers, heads, heads, size, ffn, 0)
    layer_norm = bool(vision.choice("norm_type", among=LAYER_NORM, default="layernorm"))
    function = vision.choice("activation_func", "hidden_act", among=ACTIVATIONS, default="gelu_pytorch_tanh")
    biases = vision.flag("attn_bias", default=True), vision.flag("linear_bias", default=True)
    sides = ("height", "width")
    positions = math.prod(vision.count(f"init_pos_emb_{side}", f"pos_emb_{side}") for side in sides)
    bias = vision.flag("patch_embed_proj_bias", default=True)
    patch = vision.count("patch_size") ** 2
    names = "patch_embed.proj", "patch_embed.pos_emb"
    text = config.part("text_config").count("hidden_size")
    vision.ignore("init_pos_emb_time", "pos_emb_time", "video_attn_type", "merge_type", "pos_emb_type")  # of a video
    vision.ignore("pos_emb_interpolation_mode")
    config.ignore("use_unified_vision_chunk")
    vision.choice("projector_hidden_act", among={"gelu": "gelu"}, default="gelu")
    vision.choice("mlp_type", among={"mlp2": "mlp2"}, default="mlp2")
    config.again("projection_hidden_size", hidden)
    vision.again("mm_hidden_size", hidden)
    vision.again("text_hidden_size", text)
    return Tower(
        "vision",
        (
            Block("embedding", 1, patches(names, COLOURS, patch, hidden, positions=positions, bias=bias)),
            Block("layers", layers, vision_layer(d, NAMES, function, layer_norm=layer_norm, biases=biases)),
            Block("projector", 1, tuple(_projector(vision, hidden, text, layer_norm=layer_norm))),
        ),
        tokens=positions,
    )


def _projector(vision: Config, hidden: int, text: int, *, layer_norm: bool) -> Iterator[Operator]:
    """The final norm, and what makes text of patches: a norm before it in the first version, after it in the second."""
    merged = _merged(vision)
    names = "proj.0", "proj.2"
    yield Norm("final_layernorm", (HIDDEN,), hidden, layer_norm=layer_norm, bias=layer_norm)
    if vision.choice("mm_projector_type", among=PROJECTORS, default="patchmerger"):
        yield from projector(names, "final_layernorm", merged * hidden, text, merged=Merged(merged), bias=False)
        yield Norm("post_norm", (names[-1],), text, role="post", per=Merged(merged))
        return
    yield Norm("pre_norm", ("final_layernorm",), hidden, layer_norm=True, bias=True)
    yield from projector(names, "pre_norm", merged * hidden, text, merged=Merged(merged))


def _merged(vision: Config) -> int:
    """Patches that become one token of the text [1]."""
    across = vision.sequence("merge_kernel_size") or [2, 2]
    if len(across) != 2 or any(isinstance(n, bool) or not isinstance(n, int) or not 0 < n <= LARGEST for n in across):  # noqa: PLR2004 - sides
        vision.problem(f"'merge_kernel_size' must hold two whole numbers from 1 to {LARGEST:,} (got {shown(across)}).")
        return 1
    return math.prod(across)
