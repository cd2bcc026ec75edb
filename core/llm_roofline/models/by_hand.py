"""A model from a handful of dimensions, for an architecture that no family knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .load import load_model

if TYPE_CHECKING:
    from .model import Model


def Decoder(  # noqa: N802, PLR0913 - it reads as what it makes, and a decoder has this many dimensions
    name: str = "decoder",
    *,
    hidden_size: int,
    layers: int,
    heads: int,
    ffn_size: int,
    vocabulary: int,
    kv_heads: int | None = None,
    head_size: int | None = None,
    gated: bool = True,
    activation: str = "silu",
    experts: int | None = None,
    experts_per_token: int | None = None,
    shared_ffn_size: int | None = None,
    window: int | None = None,
    qk_norm: bool = False,
    attention_bias: bool = False,
    tied: bool = False,
    context_limit: int | None = None,
) -> Model:
    """Return a model of Llama's kind with these dimensions; it behaves as one that was loaded from a file.

    Parameters
    ----------
    name : str
        What to call it.
    hidden_size, layers, heads, ffn_size, vocabulary : int
        Hidden size, layers, query heads, width of the feed-forward network or of one expert, vocabulary [1].
    kv_heads, head_size : int, optional
        KV heads, left out as many as heads; elements of a head, left out hidden size by heads [1].
    gated : bool
        The network has a gate.
    activation : str
        Its activation function, such as ``"silu"``, ``"gelu"`` or ``"relu"``.
    experts, experts_per_token, shared_ffn_size : int, optional
        Experts of a layer, those that a token runs, and the width of what runs for every token beside them [1].
    window : int, optional
        Width of a sliding window over all layers [token].
    qk_norm, attention_bias, tied : bool
        Norms of queries and keys, biases of their projections, a head that shares the embedding's weights.
    context_limit : int, optional
        Longest context [token].

    Raises
    ------
    ConfigError
        If a dimension is not accepted; lists every problem.

    Examples
    --------
    >>> from llm_roofline import Decoder
    >>> Decoder(hidden_size=4096, layers=32, heads=32, kv_heads=8, ffn_size=14336, vocabulary=128256).parameters
    8030261248
    """
    fields = {
        "hidden_size": hidden_size,
        "layers": layers,
        "heads": heads,
        "ffn_size": ffn_size,
        "vocabulary": vocabulary,
        "kv_heads": kv_heads,
        "head_size": head_size,
        "gated": gated,
        "activation": activation,
        "experts": experts,
        "experts_per_token": experts_per_token,
        "shared_ffn_size": shared_ffn_size,
        "window": window,
        "qk_norm": qk_norm,
        "attention_bias": attention_bias,
        "tied": tied,
        "context_limit": context_limit,
    }
    stated = {key: value for key, value in fields.items() if value is not None}
    return load_model({"model_type": "decoder"} | stated, name)
