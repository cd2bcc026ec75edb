"""Short causal convolutions over the tokens, one filter a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from . import flop
from .base import Operator
from .cost import Cost
from .counts import ONE, SEQUENCES, TOKENS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..formats import Conventions
    from .counts import Count


@dataclass(frozen=True, slots=True)
class ShortConvolution(Operator):
    """A depthwise convolution with the last tokens, which a state keeps, and its activation function.

    Parameters
    ----------
    channels : int
        Channels [1].
    width : int
        Tokens that a filter sees [token].
    bias : bool
        Has a bias.
    activated : bool
        SiLU follows, in the same kernel.
    """

    channels: int
    width: int
    bias: bool = False
    activated: bool = True

    kind: ClassVar[str] = "state"

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]."""
        return {"wide": self.channels * (self.width + self.bias)}

    @property
    def kept(self) -> Mapping[str, Mapping[Count, float]]:
        """The last tokens, as many as a filter sees [1]; Transformers' cache keeps the newest as well."""
        return {"wide_state": {SEQUENCES: self.channels * self.width}}

    def cost(self, conventions: Conventions) -> Cost:
        """2 T channels width FLOP (arXiv 2312.00752, section 3.4)."""
        bias = self.bias and conventions.biases
        cost = 2 * self.width + bias + self.activated * flop.ACTIVATION["silu"]
        moved = {SEQUENCES: self.channels * self.width}
        return Cost(
            vector_flops={TOKENS: cost * self.channels},
            wide_weight_read={ONE: self.channels * (self.width + bias)},
            wide_read={TOKENS: self.channels},
            activation_write={TOKENS: self.channels},
            wide_state_read=moved,
            wide_state_write=moved,
            formula=f"{cost} · tokens · {self.channels:,}",
            source="arXiv 2312.00752, section 3.4",
        )
