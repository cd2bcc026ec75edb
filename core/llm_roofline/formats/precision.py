"""Precision: in which format each kind of tensor of a scenario is stored."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from .storage import format_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WIDE = "bf16"
"""Format of what quantisation leaves alone: the residual stream, scores before the softmax, norm weights and biases."""
WEIGHTS = ("weights", "attention_weights", "experts")
"""Storage kinds of the weights of linear layers, fields of :class:`Precision`."""


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
    attention_weights, experts : str or None
        Format of the projections of attention and of the experts, where it is not that of the other weights.
    states : str
        Format of the states of state-space layers and linear attention, which grow no longer with the context.

    Raises
    ------
    PrecisionError
        If a format is unknown.
    """

    weights: str = "bf16"
    activations: str = "bf16"
    kv_cache: str = "bf16"
    head: str = "bf16"
    attention_weights: str | None = None
    experts: str | None = None
    states: str = "bf16"

    def __post_init__(self) -> None:
        for field in fields(self):
            stored = getattr(self, field.name)
            if stored is not None or field.default is not None:
                format_named(stored, f"format of {field.name}")

    def narrowed(self, kinds: Iterable[str], name: str) -> Precision:
        """Return the same formats, those of some kinds in a narrower one; what is as narrow already stays.

        Parameters
        ----------
        kinds : iterable of str
            Fields.
        name : str
            The format.
        """
        bits = format_named(name).bits
        narrow = {kind: name for kind in kinds if format_named(self.of(kind)).bits > bits}
        return replace(self, **narrow)

    def of(self, kind: str) -> str:
        """Format of a kind; attention and experts have that of the other weights where they have none of their own.

        Parameters
        ----------
        kind : str
            A field.
        """
        own: str | None = getattr(self, kind)
        return self.weights if own is None else own

    def changed(self, changes: Mapping[str, str | None]) -> Precision:
        """Return the same formats with some changed; a new one for the weights is that of every linear layer.

        Parameters
        ----------
        changes : mapping
            Formats by field.
        """
        all_weights: dict[str, str | None] = {}
        if "weights" in changes:
            all_weights = {"attention_weights": None, "experts": None}
        return replace(self, **(all_weights | dict(changes)))  # type: ignore[arg-type]  # __post_init__ checks
