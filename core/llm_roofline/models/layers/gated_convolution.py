"""A short convolution between two gates (LFM2, arXiv 2511.23404, section 2): the mixer of a layer without attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...operators import Elementwise, Linear, ShortConvolution, flop
from .attention import PROJECTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator

SOURCE = "arXiv 2511.23404, section 2"


def gated_convolution(hidden: int, width: int, source: str, *, bias: bool = False) -> Iterator[Operator]:
    """One projection makes two gates and what is convolved between them.

    Parameters
    ----------
    hidden, width : int
        Hidden size, and tokens that a filter sees [1].
    source : str
        The operator whose result it reads.
    bias : bool
        Projections and filters have biases.
    """
    into, filters, out = "conv.in_proj", "conv.conv", "conv.out_proj"
    work = flop.GATE * hidden
    yield Linear(into, (source,), hidden, 3 * hidden, PROJECTION, bias=bias)
    yield Elementwise("input_gate", (into,), 2 * hidden, hidden, work, SOURCE)
    yield ShortConvolution(filters, ("input_gate",), hidden, width, bias, activated=False)
    yield Elementwise("output_gate", (filters, into), 2 * hidden, hidden, work, SOURCE, to_product=True)
    yield Linear(out, ("output_gate",), hidden, hidden, PROJECTION, bias=bias)
