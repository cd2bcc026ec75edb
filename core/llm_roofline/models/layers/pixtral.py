"""Pixtral's tower (arXiv 2410.07073, section 2): Llama's layers over the patches of an image of any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Convolution, Norm
from ..model import Block
from .attention import attention
from .dimensions import Dimensions
from .mlp import ACTIVATIONS, gated_mlp
from .transformer import Part, layer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config

PIXTRAL = {"image_size": 1024, "patch_size": 16}
"""What its class takes where keys are absent."""


def pixtral(vision: Config) -> tuple[Block, ...]:
    """Patches and layers, up to what the last layer makes.

    Parameters
    ----------
    vision : Config
        The part on the tower.
    """
    keys = "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size"
    hidden, layers, heads, ffn = map(vision.count, keys)
    size = vision.divides("num_attention_heads", heads, "hidden_size", hidden)
    vision.again("head_dim", size)
    d = Dimensions(hidden, layers, heads, heads, size, ffn, 0)
    function = vision.choice("hidden_act", among=ACTIVATIONS, default="gelu")
    patch = vision.count("patch_size")
    parts = (
        Part("attn", "attention_norm", lambda source: attention(d, source, reach="both ways")),
        Part("mlp", "ffn_norm", lambda source: gated_mlp(d, source, function)),
    )
    channels = vision.count("num_channels", default=3)
    return (
        Block("embedding", 1, tuple(_embedding(channels, patch, hidden))),
        Block("layers", layers, tuple(layer(hidden, lambda name, source: Norm(name, (source,), hidden), parts))),
    )


def _embedding(channels: int, patch: int, hidden: int) -> Iterator[Convolution | Norm]:
    yield Convolution("patch_conv", (), channels, hidden, patch**2, stride=patch**2, bias=False)
    yield Norm("ln_pre", ("patch_conv",), hidden)
