"""Decoders with LayerNorm (arXiv 1607.06450) before attention, before the network and at the end, as GPT-2."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...operators import HIDDEN, Head, Norm
from ..model import Block
from .stacking import sequential

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator
    from .dimensions import Dimensions


def layer_norm_decoder(  # noqa: PLR0913 - families differ in all of these
    d: Dimensions,
    embedding: Iterable[Operator],
    attention_rows: Iterable[Operator],
    mlp_rows: Iterable[Operator],
    *,
    norms: tuple[str, str, str] = ("input_layernorm", "post_attention_layernorm", "norm"),
    bias: bool = True,
    affine: bool = True,
    tied: bool,
    head_bias: bool = False,
) -> Iterator[Block]:
    """Embedding, layers that are all equal, and the head.

    Parameters
    ----------
    d : Dimensions
        Its dimensions.
    embedding : iterable of Operator
        What makes the residual stream.
    attention_rows, mlp_rows : iterable of Operator
        Attention, which reads the first norm, and the network, which reads the second.
    norms : tuple of str
        Names of the norms before attention, before the network and at the end.
    bias, affine : bool
        Norms have biases, and weights.
    tied, head_bias : bool
        The head shares the embedding's weights; it has a bias.
    """
    first, second, last = (
        Norm(name, (source,), d.hidden, layer_norm=True, bias=bias, role=role, affine=affine)
        for name, source, role in zip(norms, (HIDDEN, "attn_add", HIDDEN), ("block", "block", "final"), strict=True)
    )
    yield Block("embedding", 1, tuple(embedding))
    yield sequential(("layers", d.layers), d.hidden, attention_rows, mlp_rows, (first, second))
    yield Block("head", 1, (last, Head("lm_head", (last.name,), d.hidden, d.vocabulary, tied, head_bias)))


def layer_normed(rows: Iterable[Operator], *, bias: bool = False) -> Iterator[Operator]:
    """Rows of attention whose norms of queries and keys are LayerNorms, with or without biases."""
    for row in rows:
        yield replace(row, layer_norm=True, bias=bias) if isinstance(row, Norm) else row
