"""Linear layers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from .base import Operator
from .cost import Cost
from .counts import ONE, SEQUENCES, TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..formats import Conventions
    from .counts import Count


@dataclass(frozen=True, slots=True)
class Linear(Operator):
    """A matrix product with stored weights: ``out = in W + bias``.

    Parameters
    ----------
    width_in, width_out : int
        Elements of a token that go in and come out [1].
    group : str
        Part of the block it belongs to, such as ``"attention projection"`` or ``"mlp"``.
    bias : bool
        Has a bias.
    cached : int
        Elements of its output that go to the KV cache [1].
    rotated : int
        Elements among those that RoPE rotates first [1]; it stores them then, where it is counted.
    to_product : bool
        What is not cached is an operand of a matrix product, stored in the format of the activations; else it is added
        to the residual stream or goes through an activation function, and stays wide.
    per : Count
        What it runs for: new tokens, or sequences where one row serves all tokens of one.
    groups : int
        Parts of input and output that are multiplied apart [1].
    stored : str
        Storage kind of its weights: ``"weights"``, ``"attention_weights"``, or ``"wide"`` where quantisers leave it
        alone, as they do with a router.
    copies : int
        Rows of a token that it multiplies one by one, such as the streams of its residual [1].
    unkept : int
        Elements of its output that are keys and values which no later step reads [1]; only ``Conventions.paper`` caches
        them.
    parts : tuple of tuple
        Names and widths [1] of the projections that it is in one, queries first; only ``Conventions.paper`` runs them
        apart.
    gate : bool
        ``Conventions.paper`` runs a second one of its kind beside it, a gate that the checkpoint does not have.
    """

    width_in: int
    width_out: int
    group: str
    bias: bool = False
    cached: int = 0
    rotated: int = 0
    to_product: bool = False
    per: Count = TOKENS
    groups: int = 1
    stored: str = "weights"
    copies: int = 1
    # No number of the standard depends on these, so that layers without them, of an older pickle, are the same layers.
    unkept: int = field(default=0, compare=False)
    parts: tuple[tuple[str, int], ...] = field(default=(), compare=False)
    gate: bool = field(default=False, compare=False)

    kind: ClassVar[str] = "linear"

    @property
    def weights(self) -> int:
        """Elements of the matrix [1]."""
        return self.width_in * self.width_out // self.groups

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]."""
        weights, biases = self.weights, self.width_out * self.bias
        return {"wide": weights + biases} if self.stored == "wide" else {self.stored: weights, "wide": biases}

    def is_counted(self, conventions: Conventions) -> bool:
        """What runs once for a sequence is the modulation of a diffusion transformer."""
        return conventions.conditioning or self.per != SEQUENCES

    def rows(self, conventions: Conventions) -> Iterable[Operator]:
        """Itself; or the projections that it is in one, and the gate that LLM-Viewer gives OPT and DiT."""
        if self.gate and not conventions.stored_networks:
            return [replace(self, name=f"{self.name}.{name}", gate=False) for name in ("gate_proj", "up_proj")]
        return self._apart() if self.parts and not conventions.fused_projections else (self,)

    def _apart(self) -> Iterable[Operator]:
        """Its projections; what is cached are the last ones, and of these the first one is rotated."""
        behind = self.width_out
        for name, width in self.parts:
            behind -= width
            cached, unkept = (min(width, max(0, last - behind)) for last in (self.cached, self.unkept))
            rotated = self.rotated if cached and self.cached <= behind + width else 0
            part = replace(self, name=f"{self.name}.{name}", width_out=width, cached=cached, unkept=unkept, parts=())
            yield replace(part, rotated=rotated)

    def cost(self, conventions: Conventions) -> Cost:
        """2 T i o FLOP (arXiv 2001.08361, section 2.1), weights read once a step."""
        kept = self.cached + (0 if conventions.cache_where_reused else self.unkept)
        cached = kept - self.rotated * conventions.rope
        keys = {self.per: self.rotated * conventions.rope}
        uncached = {self.per: self.copies * self.width_out - kept}
        bias = self.bias and conventions.biases
        weights = self.weights
        is_wide = self.stored == "wide"
        return Cost(
            matrix_flops={self.per: self.copies * (2 * weights + bias * self.width_out)},
            weight_read={} if is_wide else {ONE: weights},
            wide_weight_read={ONE: self.width_out * bias + weights * is_wide},
            activation_read={self.per: self.copies * self.width_in},
            activation_write=uncached if self.to_product else {},
            wide_write=keys if self.to_product else {self.per: uncached[self.per] + keys[self.per]},
            kv_write={self.per: cached},
            stored="weights" if is_wide else self.stored,
            operands=(self.stored, "activations"),
            formula=f"{2 * self.copies} · {self.per.name} · {self.width_in // self.groups:,} · {self.width_out:,}"
            + (f" + {self.per.name} · {self.width_out:,}" if bias else ""),
            source="arXiv 2001.08361, section 2.1: a multiply-add is 2 FLOP",
        )
