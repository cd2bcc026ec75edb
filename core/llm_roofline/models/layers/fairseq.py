"""Encoders and decoders under the names of fairseq, which BART and Whisper share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Norm
from ..model import Block
from .dimensions import Dimensions
from .mlp import ACTIVATIONS, plain_mlp
from .transformer import Part, Projections, cross_attention, layer, self_attention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config


FAIRSEQ_SPELLINGS = {
    "hidden_size": "d_model",
    "num_attention_heads": "encoder_attention_heads",
    "num_hidden_layers": "encoder_layers",
}
"""Other names of its keys that Transformers understands."""


def side_dimensions(config: Config, side: str) -> Dimensions:
    """Dimensions of the ``"encoder"`` or of the ``"decoder"``."""
    hidden, heads = config.count("d_model"), config.count(f"{side}_attention_heads")
    size = config.divides(f"{side}_attention_heads", heads, "d_model", hidden)
    layers, ffn = config.count(f"{side}_layers"), config.count(f"{side}_ffn_dim")
    return Dimensions(hidden, layers, heads, heads, size, ffn, config.count("vocab_size"))


def side_projections(place: str, *, key_bias: bool) -> Projections:
    """Projections of ``"self_attn"`` or ``"encoder_attn"``; all have biases, but perhaps that of the keys."""
    query, key, value, out = (f"{place}.{name}" for name in ("q_proj", "k_proj", "v_proj", "out_proj"))
    return Projections(query, key, value, out, bias=True, key_bias=key_bias)


def side_layers(config: Config, side: str, *, key_bias: bool, norm_first: bool) -> Block:
    """Layers of the ``"encoder"``, which sees both ways, or of the ``"decoder"``, which sees the encoder too.

    Parameters
    ----------
    config : Config
        The configuration.
    side : str
        Which of them.
    key_bias : bool
        The projections of the keys have biases.
    norm_first : bool
        As in :func:`llm_roofline.models.layers.layer`.
    """
    d = side_dimensions(config, side)
    reach = "both ways" if side == "encoder" else "causal"
    own, across = (side_projections(place, key_bias=key_bias) for place in ("self_attn", "encoder_attn"))

    def attend(source: str) -> Iterator[Operator]:
        return self_attention(d, source, own, reach=reach)

    def look_across(source: str) -> Iterator[Operator]:
        return cross_attention(d, source, across)

    def network(source: str) -> Iterator[Operator]:
        function = config.choice("activation_function", among=ACTIVATIONS, default="gelu")
        return plain_mlp(d, source, function, ("fc1", "fc2"))

    cross = (Part("cross_attn", "encoder_attn_layer_norm", look_across),) if side == "decoder" else ()
    parts = (
        Part("self_attn", "self_attn_layer_norm", attend),
        *cross,
        Part("mlp", "final_layer_norm", network),
    )
    return Block(
        "layers",
        d.layers,
        tuple(layer(d.hidden, lambda name, source: side_norm(d, name, source), parts, norm_first=norm_first)),
    )


def side_norm(d: Dimensions, name: str, source: str) -> Norm:
    """A LayerNorm of the residual stream."""
    return Norm(name, (source,), d.hidden, layer_norm=True, bias=True)
