"""Kimi delta attention (arXiv 2510.26692, section 3): a gated delta network in which every channel of a key decays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...operators import Linear, Norm, ShortConvolution, StateScan, flop
from .attention import PROJECTION, STORED
from .delta import NORM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator


class KimiDelta(NamedTuple):
    """The dimensions of Kimi delta attention.

    Parameters
    ----------
    hidden, heads, head_size, width : int
        Hidden size, heads, elements of a head's query, key and value, and tokens that a convolution sees [1].
    full_gate : bool
        The output's gate has one projection; else two, of rank ``head_size``.
    """

    hidden: int
    heads: int
    head_size: int
    width: int
    full_gate: bool = False


def kimi_delta(m: KimiDelta, source: str) -> Iterator[Operator]:
    """Linear attention; queries, keys and values have a convolution each.

    Parameters
    ----------
    m : KimiDelta
        Its dimensions.
    source : str
        The operator whose result it reads.
    """
    width = m.heads * m.head_size
    operands = "q", "k", "v"
    for name in operands:
        yield Linear(f"{name}_proj", (source,), m.hidden, width, PROJECTION, stored=STORED)
    for name in operands:
        yield ShortConvolution(f"{name}_conv1d", (f"{name}_proj",), width, m.width)
    yield from _of_low_rank(m, "f", source)
    yield Linear("b_proj", (source,), m.hidden, m.heads, PROJECTION, stored=STORED)
    yield StateScan(
        "kimi_delta_attention",
        (*(f"{name}_conv1d" for name in operands), "f_b_proj", "b_proj"),
        heads=m.heads,
        key_size=m.head_size,
        value_size=m.head_size,
        rule="Kimi delta",
        width_in=3 * width,
        gates=width + m.heads,
        width_out=width,
        # The decay of each channel (a bias, softplus, a product, exponential), the strength of each head; what replaces
        # the value.
        beside=width * (3 + flop.SOFTPLUS) + m.heads * flop.SIGMOID + 2 * width + 2 * NORM * width,
        own=width + m.heads,
    )
    gate = "g_proj" if m.full_gate else "g_b_proj"
    if m.full_gate:
        yield Linear(gate, (source,), m.hidden, width, PROJECTION, stored=STORED)
    else:
        yield from _of_low_rank(m, "g", source)
    yield Norm("o_norm", (gate, "kimi_delta_attention"), width, groups=m.heads, gate="sigmoid")
    yield Linear("o_proj", ("o_norm",), width, m.hidden, PROJECTION, stored=STORED)


def _of_low_rank(m: KimiDelta, name: str, source: str) -> Iterator[Operator]:
    """Two projections, with as few elements between them as a head has."""
    first, second = f"{name}_a_proj", f"{name}_b_proj"
    yield Linear(first, (source,), m.hidden, m.head_size, PROJECTION, to_product=True, stored=STORED)
    yield Linear(second, (first,), m.head_size, m.heads * m.head_size, PROJECTION, stored=STORED)
