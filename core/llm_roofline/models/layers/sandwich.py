"""Layers that normalise what goes into attention and network, and what comes out (arXiv 2105.13290, section 2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import HIDDEN, Norm, ResidualAdd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...operators import Operator


def sandwich_layer(
    width: int,
    attention_rows: Iterable[Operator],
    mlp_rows: Iterable[Operator],
    names: tuple[str, str, str, str],
) -> tuple[Operator, ...]:
    """A layer with an RMSNorm before and after attention, and before and after the network.

    Parameters
    ----------
    width : int
        Hidden size [1].
    attention_rows, mlp_rows : iterable of Operator
        Attention, which reads the first norm, and the network, which reads the third.
    names : tuple of str
        Names of the four norms.
    """
    first, second = tuple(attention_rows), tuple(mlp_rows)
    return (
        Norm(names[0], (HIDDEN,), width),
        *first,
        Norm(names[1], (first[-1].name,), width, role="post"),
        ResidualAdd("attn_add", (HIDDEN, names[1]), width),
        Norm(names[2], ("attn_add",), width),
        *second,
        Norm(names[3], (second[-1].name,), width, role="post"),
        ResidualAdd("mlp_add", ("attn_add", names[3]), width),
    )
