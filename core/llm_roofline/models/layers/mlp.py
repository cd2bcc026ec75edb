"""Feed-forward networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Activation, Linear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from .dimensions import Dimensions

MLP = "mlp"
ACTIVATIONS = {
    "silu": "silu",
    "swish": "silu",
    "gelu": "gelu",
    "gelu_new": "gelu",
    "gelu_fast": "gelu",
    "gelu_pytorch_tanh": "gelu",
    "relu": "relu",
    "relu2": "relu2",
}
"""Activation functions by the names that configurations use."""


def gated_mlp(
    d: Dimensions,
    source: str,
    function: str,
    names: tuple[str, str, str] = ("gate_proj", "up_proj", "down_proj"),
    *,
    bias: bool = False,
) -> Iterator[Operator]:
    """Feed-forward network with a gate, a projection each for gate and up (arXiv 2002.05202)."""
    gate, up, down = names
    yield Linear(gate, (source,), d.hidden, d.ffn, MLP, bias=bias)
    yield Linear(up, (source,), d.hidden, d.ffn, MLP, bias=bias)
    yield Activation("act_fn", (gate, up), d.ffn, d.hidden, function, gated=True)
    yield Linear(down, ("act_fn",), d.ffn, d.hidden, MLP, bias=bias)


def fused_gated_mlp(
    d: Dimensions, source: str, function: str, names: tuple[str, str], *, bias: bool = False
) -> Iterator[Operator]:
    """Feed-forward network with a gate, one projection for gate and up."""
    up, down = names
    parts = ("gate_proj", d.ffn), ("up_proj", d.ffn)
    yield Linear(up, (source,), d.hidden, 2 * d.ffn, MLP, bias=bias, parts=parts)
    yield Activation("act_fn", (up,), d.ffn, d.hidden, function, gated=True)
    yield Linear(down, ("act_fn",), d.ffn, d.hidden, MLP, bias=bias)


def plain_mlp(  # noqa: PLR0913 - families differ in all of these
    d: Dimensions, source: str, function: str, names: tuple[str, str], *, bias: bool = True, gate: bool = False
) -> Iterator[Operator]:
    """Feed-forward network of two projections; ``gate`` says that ``Conventions.paper`` gives it a third."""
    up, down = names
    yield Linear(up, (source,), d.hidden, d.ffn, MLP, bias=bias, gate=gate)
    yield Activation("act_fn", (up,), d.ffn, d.hidden, function, gated=False)
    yield Linear(down, ("act_fn",), d.ffn, d.hidden, MLP, bias=bias)
