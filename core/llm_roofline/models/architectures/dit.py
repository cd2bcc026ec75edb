"""DiT (arXiv 2212.09748): a diffusion transformer on patches of an image's latent, with adaLN-Zero.

Every step of denoising runs over all patches, which see each other both ways; nothing is kept between steps. Where the
class guides, a request is two sequences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Activation, Convolution, Elementwise, Embedding, Linear, Norm, ResidualAdd, flop
from ...operators.counts import SEQUENCES
from ..layers import MLP, Dimensions, fused_attention, plain_mlp
from ..model import Block
from ..paradigm import DIFFUSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

MODEL_TYPES = ("dit",)
PARADIGM = DIFFUSION
TIMESTEP = 256  # sinusoids of a timestep
DROPOUT = 0.1  # of the class in training, which takes a row more in the table, where the configuration does not say
EMBEDDING = "embedding"
MODULATION = "adaLN_modulation.1"


def blocks(config: Config) -> Iterator[Block]:
    """Blocks in forward order."""
    hidden, layers, heads = (config.count(k) for k in ("hidden_size", "num_hidden_layers", "num_attention_heads"))
    size = config.divides("num_attention_heads", heads, "hidden_size", hidden)
    ffn = config.count("intermediate_size", default=4 * hidden)
    classes = config.count("num_classes") + (config.fraction("class_dropout_prob", default=DROPOUT) > 0)
    channels, patch = config.count("in_channels"), config.count("patch_size") ** 2
    out = patch * channels * (1 + config.flag("learn_sigma", default=True))
    d = Dimensions(hidden, layers, heads, heads, size, ffn, classes)
    yield Block(EMBEDDING, 1, (*_condition(d), *_patches(d, channels, patch, context_limit(config))))
    yield Block("layers", layers, tuple(_layer(d)))
    yield Block("final layer", 1, tuple(_final(d, out)))


def context_limit(config: Config) -> int:
    """Patches of an image of the size that it was trained on [token]."""
    across = config.divides(
        "patch_size", config.count("patch_size"), "sample_size", config.count("sample_size", "input_size")
    )
    return across**2


def _condition(d: Dimensions) -> Iterator[Operator]:
    """The timestep and the class of each sequence, embedded and added."""
    into, out = "t_embedder.mlp.0", "t_embedder.mlp.2"
    yield Linear(into, (), TIMESTEP, d.hidden, EMBEDDING, bias=True, per=SEQUENCES)
    yield Activation("t_embedder.mlp.1", (into,), d.hidden, d.hidden, "silu", gated=False, per=SEQUENCES)
    yield Linear(out, ("t_embedder.mlp.1",), d.hidden, d.hidden, EMBEDDING, bias=True, per=SEQUENCES)
    yield Embedding("y_embedder", (), d.vocabulary, d.hidden, per=SEQUENCES)
    work = flop.ADD * d.hidden
    yield Elementwise(
        "condition", (out, "y_embedder"), 2 * d.hidden, d.hidden, work, "arXiv 2212.09748, section 3.2", per=SEQUENCES
    )


def _patches(d: Dimensions, channels: int, patch: int, patches: int) -> Iterator[Operator]:
    """Patches of the latent, projected, and sinusoids for their positions, which the checkpoint stores."""
    yield Convolution("x_embedder", (), channels, d.hidden, patch, stride=patch)
    yield Embedding("pos_embed", (), patches, d.hidden)
    yield ResidualAdd("pos_add", ("x_embedder", "pos_embed"), d.hidden)


def _layer(d: Dimensions) -> Iterator[Operator]:
    """Attention and the network, each scaled and shifted after its norm, and gated: six vectors for each sequence."""
    yield from _modulation(d, 6)
    yield _norm("norm1", HIDDEN, d)
    yield from fused_attention(d, "norm1", names=("attn.qkv", "attn.proj"), bias=True, out_bias=True, reach="both ways")
    yield ResidualAdd("attn_add", (HIDDEN, "attn.proj", MODULATION), d.hidden, gated=True)
    yield _norm("norm2", "attn_add", d)
    yield from plain_mlp(d, "norm2", "gelu", ("mlp.fc1", "mlp.fc2"), gate=True)
    yield ResidualAdd("mlp_add", ("attn_add", "mlp.fc2", MODULATION), d.hidden, gated=True)


def _final(d: Dimensions, width: int) -> Iterator[Operator]:
    """The noise of every patch, and its variance where that is learned."""
    yield from _modulation(d, 2)
    yield _norm("norm_final", HIDDEN, d)
    yield Linear("linear", ("norm_final",), d.hidden, width, "head", bias=True)


def _modulation(d: Dimensions, vectors: int) -> Iterator[Operator]:
    function = "adaLN_modulation.0"
    yield Activation(function, ("condition",), d.hidden, d.hidden, "silu", gated=False, per=SEQUENCES)
    yield Linear(MODULATION, (function,), d.hidden, vectors * d.hidden, MLP, bias=True, per=SEQUENCES)


def _norm(name: str, source: str, d: Dimensions) -> Norm:
    return Norm(name, (source, MODULATION), d.hidden, layer_norm=True, affine=False, modulated=True)
