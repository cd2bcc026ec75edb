"""Linear layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..step import ONE, TOKENS
from .base import Counts, Operator

if TYPE_CHECKING:
    from ..conventions import Conventions


@dataclass(frozen=True, slots=True)
class Linear(Operator):
    """A matrix product with stored weights: ``out = in W + bias``.

    Parameters
    ----------
    width_in, width_out : int
        Elements of a token that go in and come out [1].
    group : str
        Part of the block it belongs to: ``"attention projection"`` or ``"mlp"``.
    bias : bool
        Has a bias.
    cached : int
        Elements of its output that go to the KV cache [1].
    rotated : int
        Elements among those that RoPE rotates first [1]; it stores them then, where it is counted.
    to_product : bool
        What is not cached is an operand of a matrix product, stored in the format of the activations; else it is added
        to the residual stream or goes through an activation function, and stays wide.
    """

    width_in: int
    width_out: int
    group: str
    bias: bool = False
    cached: int = 0
    rotated: int = 0
    to_product: bool = False

    kind: ClassVar[str] = "linear"

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]."""
        return {"weights": self.width_in * self.width_out, "wide": self.width_out * self.bias}

    def counts(self, conventions: Conventions) -> Counts:
        """2 T i o FLOP (arXiv 2001.08361, section 2.1), weights read once a step."""
        cached = self.cached - self.rotated * conventions.rope
        keys = {TOKENS: self.rotated * conventions.rope}
        rest = {TOKENS: self.width_out - self.cached}
        bias = self.bias and conventions.biases
        return Counts(
            matrix_flops={TOKENS: 2 * self.width_in * self.width_out + bias * self.width_out},
            weight_read={ONE: self.width_in * self.width_out},
            wide_weight_read={ONE: self.width_out * bias},
            activation_read={TOKENS: self.width_in},
            activation_write=rest if self.to_product else {},
            wide_write=keys if self.to_product else {TOKENS: rest[TOKENS] + keys[TOKENS]},
            kv_write={TOKENS: cached},
            operands=("weights", "activations"),
            formula=f"2 · tokens · {self.width_in:,} · {self.width_out:,}"
            + (f" + tokens · {self.width_out:,}" if bias else ""),
            source="arXiv 2001.08361, section 2.1: a multiply-add is 2 FLOP",
        )
