"""Dense convolutions: along a spectrogram, or over the patches of an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .base import Operator
from .cost import Cost
from .counts import ONE, TOKENS

if TYPE_CHECKING:
    from ..formats import Conventions


@dataclass(frozen=True, slots=True)
class Convolution(Operator):
    """A convolution that mixes all channels; quantisers leave it at 16 bit.

    Parameters
    ----------
    channels_in, channels_out : int
        Channels [1].
    width : int
        Places that a filter sees [1].
    stride : int
        Places between two results [1].
    outputs : int
        Results for each token, where later convolutions with a stride bring them down to one [1].
    bias : bool
        Has a bias.
    """

    channels_in: int
    channels_out: int
    width: int
    stride: int = 1
    outputs: int = 1
    bias: bool = True

    kind: ClassVar[str] = "convolution"
    group: ClassVar[str] = "embedding"

    @property
    def parameters(self) -> dict[str, int]:
        """Stored parameters by storage kind [1]."""
        return {"wide": (self.width * self.channels_in + self.bias) * self.channels_out}

    def cost(self, conventions: Conventions) -> Cost:
        """2 width channels_in channels_out FLOP a result, the padded edges included (arXiv 1603.07285)."""
        weights = self.width * self.channels_in * self.channels_out
        bias = self.channels_out * (self.bias and conventions.biases)
        return Cost(
            matrix_flops={TOKENS: self.outputs * (2 * weights + bias)},
            wide_weight_read={ONE: weights + bias},
            activation_read={TOKENS: self.outputs * self.stride * self.channels_in},
            wide_write={TOKENS: self.outputs * self.channels_out},
            operands=("wide", "activations"),
            formula=(f"{self.outputs} · " if self.outputs > 1 else "")
            + f"tokens · {self.channels_out:,} · (2 · {self.width} · {self.channels_in:,}"
            + (" + 1)" if bias else ")"),
            source="arXiv 1603.07285",
        )
