"""The mixer of Mamba (arXiv 2312.00752, section 3.4): each channel has a state of its own, and steps of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...operators import Activation, Linear, Norm, ShortConvolution, StateScan, flop
from .attention import PROJECTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

SILU = {"silu": "silu", "swish": "silu"}
"""Activation functions of the convolution and of the gate."""


@dataclass(frozen=True, slots=True)
class Mamba:
    """The dimensions of a mixer.

    Parameters
    ----------
    hidden, channels, state, rank, width : int
        Hidden size, channels, elements of the state of each, elements of the latent of steps, and tokens that the
        convolution sees [1].
    bias, conv_bias : bool
        The projections from and to the hidden size have biases, and the convolution has.
    normed, affine : bool
        Steps and matrices of the state are normalised (arXiv 2403.19887), by norms with weights.
    """

    hidden: int
    channels: int
    state: int
    rank: int
    width: int
    bias: bool = False
    conv_bias: bool = True
    normed: bool = False
    affine: bool = True


def latent_of_steps(config: Config, key: str, hidden: int) -> int:
    """Elements of the latent of steps [1]; "auto" stands for one in 16 of the hidden size."""
    if config.fields.get(key, "auto") != "auto":
        return config.count(key)
    config.ignore(key)
    return -(-hidden // 16)


def mamba(m: Mamba, source: str) -> Iterator[Operator]:
    """A mixer; the first projection makes the values and their gate, the second steps and the matrices B and C.

    Parameters
    ----------
    m : Mamba
        Its dimensions.
    source : str
        The operator whose result it reads.
    """
    yield Linear("in_proj", (source,), m.hidden, 2 * m.channels, PROJECTION, bias=m.bias)
    yield ShortConvolution("conv1d", ("in_proj",), m.channels, m.width, m.conv_bias)
    yield Linear("x_proj", ("conv1d",), m.channels, m.rank + 2 * m.state, PROJECTION)
    steps, matrices = "x_proj", ["x_proj"]
    if m.normed:
        steps, matrices = "dt_layernorm", ["b_layernorm", "c_layernorm"]
        yield Norm(steps, ("x_proj",), m.rank, affine=m.affine)
        for name in matrices:
            yield Norm(name, ("x_proj",), m.state, affine=m.affine, role="post")
    yield Linear("dt_proj", (steps,), m.rank, m.channels, PROJECTION, bias=True)
    yield StateScan(
        "selective_scan",
        ("conv1d", "dt_proj", *matrices),
        heads=m.channels,
        key_size=m.state,
        value_size=1,
        rule="selective scan",
        width_in=m.channels,
        gates=m.channels + 2 * m.state,
        width_out=m.channels,
        beside=m.channels * (flop.SOFTPLUS + 1 + 2),  # the step, its product with the value, the skip
        own=m.channels * (m.state + 1),  # A and D
    )
    yield Activation("mixer_gate", ("in_proj", "selective_scan"), m.channels, m.hidden, "silu", gated=True)
    yield Linear("out_proj", ("mixer_gate",), m.channels, m.hidden, PROJECTION, bias=m.bias)
