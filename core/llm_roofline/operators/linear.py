"""Linear layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .base import Operator
from .cost import Cost
from .counts import ONE, TOKENS

if TYPE_CHECKING:
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

    def cost(self, conventions: Conventions) -> Cost:
        """2 T i o FLOP (arXiv 2001.08361, section 2.1), weights read once a step."""
        cached = self.cached - self.rotated * conventions.rope
        keys = {self.per: self.rotated * conventions.rope}
        uncached = {self.per: self.width_out - self.cached}
        bias = self.bias and conventions.biases
        weights = self.weights
        is_wide = self.stored == "wide"
        return Cost(
            matrix_flops={self.per: 2 * weights + bias * self.width_out},
            weight_read={} if is_wide else {ONE: weights},
            wide_weight_read={ONE: self.width_out * bias + weights * is_wide},
            activation_read={self.per: self.width_in},
            activation_write=uncached if self.to_product else {},
            wide_write=keys if self.to_product else {self.per: uncached[self.per] + keys[self.per]},
            kv_write={self.per: cached},
            stored="weights" if is_wide else self.stored,
            operands=(self.stored, "activations"),
            formula=f"2 · {self.per.name} · {self.width_in // self.groups:,} · {self.width_out:,}"
            + (f" + {self.per.name} · {self.width_out:,}" if bias else ""),
            source="arXiv 2001.08361, section 2.1: a multiply-add is 2 FLOP",
        )
