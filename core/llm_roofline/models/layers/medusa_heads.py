"""Heads that guess the tokens after the next one from one hidden state (Medusa, arXiv 2401.10774, section 2.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Activation, Head, Linear, ResidualAdd
from ...operators.counts import NEXT_TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator


def medusa_heads(  # noqa: PLR0913 - checkpoints differ in all of these
    heads: int, hidden: int, vocabulary: int, inputs: tuple[str, ...], *, layers: int = 1, bias: bool = False
) -> Iterator[Operator]:
    """Heads, each W2 (SiLU(W1 h) + h) with weights of its own.

    Parameters
    ----------
    heads, hidden, vocabulary : int
        How many heads, their hidden size, rows of their vocabulary [1].
    inputs : tuple of str
        What they read.
    layers : int
        Residual layers of each before its rows [1].
    bias : bool
        These have biases.
    """
    per = NEXT_TOKENS
    for k in range(1, heads + 1):
        stream = inputs
        for layer in range(layers):
            name = f"medusa.{k}" if layers == 1 else f"medusa.{k}.{layer + 1}"
            yield Linear(f"{name}.linear", stream, hidden, hidden, "head", bias, per=per)
            yield Activation(f"{name}.act_fn", (f"{name}.linear",), hidden, hidden, "silu", gated=False, per=per)
            yield ResidualAdd(f"{name}.add", (*stream, f"{name}.act_fn"), hidden, per=per)
            stream = (f"{name}.add",)
        yield Head(f"medusa.{k}.head", stream, hidden, vocabulary, tied=False)
