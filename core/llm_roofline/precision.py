"""Precision: in which format each kind of tensor of a scenario is stored."""

from __future__ import annotations

from dataclasses import dataclass

from .formats import format_named

WIDE = "bf16"
"""Format of what quantisation leaves alone: the residual stream, scores before the softmax, norm weights and biases."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Storage formats of a scenario.

    Parameters
    ----------
    weights : str
        Format of the weights of the linear layers.
    activations : str
        Format of the operands of matrix products: inputs of the linear layers, queries and probabilities. The residual
        stream and scores before the softmax stay at 16 bit, as in SmoothQuant (arXiv 2211.10438).
    kv_cache : str
        Format of the cached keys and values.
    head : str
        Format of the embedding and the head, which quantisers leave at 16 bit by default.

    Raises
    ------
    PrecisionError
        If a format is unknown.
    """

    weights: str = "bf16"
    activations: str = "bf16"
    kv_cache: str = "bf16"
    head: str = "bf16"

    def __post_init__(self) -> None:
        for field in ("weights", "activations", "kv_cache", "head"):
            format_named(getattr(self, field), f"format of {field}")
