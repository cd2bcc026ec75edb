"""Layers whose attention and feed-forward network stand side by side (Wang and Komatsuzaki 2021, GPT-J)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, ResidualAdd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...operators import Norm, Operator


def parallel_layer(
    width: int, norms: Iterable[Norm], attention_rows: Iterable[Operator], mlp_rows: Iterable[Operator]
) -> tuple[Operator, ...]:
    """A layer in which attention and network read the same residual stream, and add to it together.

    Parameters
    ----------
    width : int
        Hidden size [1].
    norms : iterable of Norm
        One that both read, or one for each.
    attention_rows, mlp_rows : iterable of Operator
        Attention and the feed-forward network.
    """
    (norm, *own), first, second = norms, tuple(attention_rows), tuple(mlp_rows)
    return (norm, *first, *own, *second, ResidualAdd("add", (HIDDEN, first[-1].name, second[-1].name), width))
