"""The mixer of Mamba-2 (arXiv 2405.21060, section 7.1): heads with a step and a decay each, and B and C for groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...operators import Linear, Norm, ShortConvolution, StateScan, flop
from .attention import PROJECTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator


@dataclass(frozen=True, slots=True)
class Mamba2:
    """The dimensions of a mixer.

    Parameters
    ----------
    hidden, heads, head_size, groups, state, width : int
        Hidden size, heads, channels of each, groups of heads that share B and C, elements of the state of a channel,
        and tokens that the convolution sees [1].
    bias, conv_bias : bool
        The projections have biases, and the convolution has.
    """

    hidden: int
    heads: int
    head_size: int
    groups: int
    state: int
    width: int
    bias: bool = False
    conv_bias: bool = True

    @property
    def channels(self) -> int:
        """Channels of all heads [1]."""
        return self.heads * self.head_size


def mamba2(m: Mamba2, source: str, *, norm: str) -> Iterator[Operator]:
    """A mixer; one projection makes gate, values, B, C and steps.

    Parameters
    ----------
    m : Mamba2
        Its dimensions.
    source : str
        The operator whose result it reads.
    norm : str
        Name of the norm before the last projection.
    """
    mixed = m.channels + 2 * m.groups * m.state
    yield Linear("in_proj", (source,), m.hidden, m.channels + mixed + m.heads, PROJECTION, bias=m.bias)
    yield ShortConvolution("conv1d", ("in_proj",), mixed, m.width, m.conv_bias)
    yield StateScan(
        "state_space_dual",
        ("conv1d", "in_proj"),
        heads=m.heads,
        key_size=m.state,
        value_size=m.head_size,
        rule="state-space dual",
        width_in=mixed,
        gates=m.heads,
        width_out=m.channels,
        # The step, with its bias, and the decay of each head; product of value and step, and the skip of each channel.
        beside=m.heads * (1 + flop.SOFTPLUS + 2) + m.channels * (1 + 2),
        own=3 * m.heads,  # A, D and the bias of steps
    )
    yield Norm(norm, ("in_proj", "state_space_dual"), m.channels, gate="silu")
    yield Linear("out_proj", (norm,), m.channels, m.hidden, PROJECTION, bias=m.bias)
