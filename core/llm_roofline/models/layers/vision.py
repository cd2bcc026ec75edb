"""Parts of towers that read an image: a vision transformer (arXiv 2010.11929), and what merges neighbouring patches."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...operators import Activation, Convolution, Embedding, Linear, Norm, ResidualAdd
from .attention import fused_attention
from .mlp import MLP, plain_mlp
from .transformer import Part, layer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ...operators.counts import Count
    from .dimensions import Dimensions


class VisionNames(NamedTuple):
    """Names of a layer of a vision transformer, as in the checkpoint.

    Parameters
    ----------
    norms, attention, network : tuple of str
        Its two norms, the two projections of attention, those of the feed-forward network.
    """

    norms: tuple[str, str]
    attention: tuple[str, str]
    network: tuple[str, str]


def patches(  # noqa: PLR0913 - what they depend on
    names: tuple[str, str], channels: int, patch: int, hidden: int, *, positions: int, bias: bool = True
) -> tuple[Operator, ...]:
    """Patches of the image, projected by a convolution, and learned positions, and their sum.

    Parameters
    ----------
    names : tuple of str
        Names of the projection and of the positions.
    channels, patch, hidden, positions : int
        Channels, places of a patch, hidden size, positions [1].
    bias : bool
        The projection has a bias.
    """
    projection, places = names
    return (
        Convolution(projection, (), channels, hidden, patch, stride=patch, bias=bias),
        Embedding(places, (), positions, hidden),
        ResidualAdd("pos_add", names, hidden),
    )


def vision_layer(
    d: Dimensions,
    names: VisionNames,
    function: str,
    *,
    layer_norm: bool = True,
    biases: tuple[bool, bool] = (True, True),
) -> tuple[Operator, ...]:
    """A layer in which all patches of an image see each other, rotated by their place in it.

    Parameters
    ----------
    d : Dimensions
        Its dimensions.
    names : VisionNames
        Names of its operators.
    function : str
        Activation function.
    layer_norm : bool
        Norms are LayerNorms; else RMSNorms.
    biases : tuple of bool
        Attention and the network have biases.
    """
    parts = (
        Part(
            "attn",
            names.norms[0],
            lambda source: fused_attention(
                d,
                source,
                names=names.attention,
                bias=biases[0],
                out_bias=biases[0],
                rotary_size=d.head_size,
                reach="both ways",
            ),
        ),
        Part("mlp", names.norms[1], lambda source: plain_mlp(d, source, function, names.network, bias=biases[1])),
    )
    return tuple(
        layer(
            d.hidden,
            lambda name, source: Norm(name, (source,), d.hidden, layer_norm=layer_norm, bias=layer_norm),
            parts,
        )
    )


def projector(  # noqa: PLR0913 - likewise
    names: tuple[str, str], source: str, width: int, width_out: int, *, merged: Count, bias: bool = True
) -> Iterator[Operator]:
    """Neighbouring patches become a token of the text by two projections, with GELU between them.

    Parameters
    ----------
    names : tuple of str
        Names of the projections.
    source : str
        The operator whose result they read.
    width, width_out : int
        Elements of merged patches, and hidden size of the text [1].
    merged : Count
        Groups of patches.
    bias : bool
        The projections have biases.
    """
    first, second = names
    function = f"{first}.gelu"
    yield Linear(first, (source,), width, width, MLP, bias=bias, per=merged)
    yield Activation(function, (first,), width, width, "gelu", gated=False, per=merged)
    yield Linear(second, (function,), width, width_out, MLP, bias=bias, per=merged)
