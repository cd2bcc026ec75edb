"""Gated delta networks (arXiv 2412.06464): linear attention whose state forgets, and replaces what a key held."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...operators import Linear, Norm, ShortConvolution, StateScan, flop
from .attention import PROJECTION, STORED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...operators import Operator
    from ..config import Config

NORM = 3  # of queries and keys, to length 1: square, sum, scale by the root


class Delta(NamedTuple):
    """The dimensions of a gated delta network.

    Parameters
    ----------
    hidden, key_heads, value_heads, key_size, value_size, width : int
        Hidden size, heads of queries and keys that groups of heads of values share, elements of a head's query and key
        and of its value, and tokens that the convolution sees [1].
    """

    hidden: int
    key_heads: int
    value_heads: int
    key_size: int
    value_size: int
    width: int


def delta_dimensions(config: Config, hidden: int) -> Delta:
    """Dimensions under the keys of Qwen."""
    keys, values = config.count("linear_num_key_heads"), config.count("linear_num_value_heads")
    config.divides("linear_num_key_heads", keys, "linear_num_value_heads", values)
    sizes = (config.count(f"linear_{name}") for name in ("key_head_dim", "value_head_dim", "conv_kernel_dim"))
    return Delta(hidden, keys, values, *sizes)


def gated_delta(m: Delta, source: str, *, fused: bool) -> Iterator[Operator]:
    """Linear attention behind a short convolution; its result is normalised by head, and gated.

    Parameters
    ----------
    m : Delta
        Its dimensions.
    source : str
        The operator whose result it reads.
    fused : bool
        Queries, keys, values and their gate have one projection, and so have the two gates of the state; else the gates
        have one each.
    """
    key, value = m.key_heads * m.key_size, m.value_heads * m.value_size
    mixed, gate, gates = "in_proj_qkv", "in_proj_z", ["in_proj_b", "in_proj_a"]
    widths = {mixed: 2 * key + value, gate: value, **dict.fromkeys(gates, m.value_heads)}
    if fused:
        mixed, gate, gates = "in_proj_qkvz", "in_proj_qkvz", ["in_proj_ba"]
        widths = {mixed: 2 * (key + value), gates[0]: 2 * m.value_heads}
    for name, width in widths.items():
        yield Linear(name, (source,), m.hidden, width, PROJECTION, stored=STORED)
    yield ShortConvolution("conv1d", (mixed,), 2 * key + value, m.width)
    yield StateScan(
        "gated_delta_rule",
        ("conv1d", *gates),
        heads=m.value_heads,
        key_size=m.key_size,
        value_size=m.value_size,
        rule="gated delta",
        width_in=2 * key + value,
        gates=2 * m.value_heads,
        width_out=value,
        # The decay (a bias, softplus, a product, exponential) and the strength of each head; what replaces the value.
        beside=m.value_heads * (3 + flop.SOFTPLUS + flop.SIGMOID) + 2 * value + 2 * NORM * key,
        own=2 * m.value_heads,
    )
    yield Norm("norm", (gate, "gated_delta_rule"), value, groups=m.value_heads, gate="silu")
    yield Linear("out_proj", ("norm",), value, m.hidden, PROJECTION, stored=STORED)
