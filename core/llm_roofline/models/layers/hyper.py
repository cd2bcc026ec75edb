"""Hyper-connections: a residual of several streams, which a part of a layer reads as one and writes as several.

Source: manifold-constrained hyper-connections, DeepSeek-V4 technical report, section 2.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...operators import Elementwise, Linear, Norm, flop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...operators import Operator

_SOURCE = "DeepSeek-V4 technical report, section 2.2"


class Streams(NamedTuple):
    """The dimensions of a residual of streams.

    Parameters
    ----------
    hidden, number, rounds : int
        Elements of a stream, streams, and rounds in which the matrix that mixes them is made doubly stochastic [1].
    """

    hidden: int
    number: int
    rounds: int

    @property
    def width(self) -> int:
        """Elements of all streams [1]."""
        return self.number * self.hidden


def hyper_connected(
    streams: Streams, name: str, source: str, part: Iterable[Operator], group: str
) -> Iterator[Operator]:
    """A part of a layer, before it the streams collapsed into one, after it its result added to their mixture.

    Parameters
    ----------
    streams : Streams
        The dimensions.
    name, source : str
        Name of the connection, and the operator that writes the streams.
    part : iterable of Operator
        What reads ``name.collapse``.
    group : str
        What the part belongs to.
    """
    n, mixing = streams.number, streams.number**2
    weights, rows = f"{name}.weights", tuple(part)
    # A scale, a bias and a sigmoid or softmax; then each round divides by the sums of rows and of columns.
    work = (2 + flop.SIGMOID + flop.ADD) * 2 * n + (2 + flop.SOFTMAX + flop.ADD + 2 * (2 * streams.rounds - 1)) * mixing
    yield from _mixed(streams, name, source, 2 * n + mixing, 3, work, group)
    yield from rows
    read = streams.width + streams.hidden + n + mixing
    inputs = source, rows[-1].name, weights
    yield Elementwise(f"{name}.expand", inputs, read, streams.width, (2 * n + 1) * streams.width, _SOURCE)


def collapsed(streams: Streams, name: str, source: str, group: str) -> Iterator[Operator]:
    """The streams collapsed into one, for good."""
    work = (2 + flop.SIGMOID + flop.ADD) * streams.number
    yield from _mixed(streams, name, source, streams.number, 1, work, group)


def _mixed(  # noqa: PLR0913, PLR0917 - what the two above differ in
    streams: Streams, name: str, source: str, weights: int, scales: int, work: int, group: str
) -> Iterator[Operator]:
    """The weights that a token gives its streams, and their sum."""
    norm, product, made = f"{name}.input_norm", f"{name}.fn", f"{name}.weights"
    yield Norm(norm, (source,), streams.width, affine=False)
    yield Linear(product, (norm,), streams.width, weights, group, stored="wide")
    yield Elementwise(made, (product,), weights, weights, work, _SOURCE, own=weights + scales)
    cost = (2 * streams.number - 1) * streams.hidden
    yield Elementwise(f"{name}.collapse", (source, made), streams.width + streams.number, streams.hidden, cost, _SOURCE)
