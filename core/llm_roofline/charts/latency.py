"""The stacked latency bar: the time of each phase by operator, those of a kind side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..estimates import shown
from .axes import round_end

if TYPE_CHECKING:
    from ..estimates import Estimate

KINDS = (
    "embedding",
    "norm",
    "attention projection",
    "attention",
    "state",
    "mlp",
    "experts",
    "elementwise",
    "head",
    "communication",
)
"""Kinds of operators, in the order in which they are stacked and listed."""
ROOM = 1.16  # shortest time axis in bars, so that the total finds its place behind the longest


class Segment(NamedTuple):
    """An operator's part of a bar.

    Parameters
    ----------
    name, kind : str
        The operator.
    time : float
        Its time [s].
    start : float
        Where it begins on the bar [s].
    """

    name: str
    kind: str
    time: float
    start: float


class Bar(NamedTuple):
    """A phase.

    Parameters
    ----------
    phase : str
        Its name, such as ``"prefill"``.
    steps : float
        Steps that it sums: of a generation all its decode steps, as expected, else one [1].
    time : float
        Its length [s].
    segments : tuple of Segment
        Its parts, in order.
    """

    phase: str
    steps: float
    time: float
    segments: tuple[Segment, ...]


def bars(estimate: Estimate, phase: str) -> tuple[Bar, ...]:
    """Bars of a phase; a generation has one for the prefill and one for all decode steps, and as many of a draft model.

    Every bar has the same segments, of no length where an operator does not run in it.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    phase : str
        One of :data:`llm_roofline.charts.points.PHASES`.
    """
    parts = shown(estimate, phase)
    tables = [part.phase.operators for part in parts]
    every = dict.fromkeys(row for table in tables for row in zip(table.name, table.kind, strict=True))
    order = sorted(every, key=lambda row: KINDS.index(row[1]))
    drawn = []
    for _, part, times in parts:
        table = part.operators
        lengths = dict(zip(zip(table.name, table.kind, strict=True), (times * table.time).tolist(), strict=True))
        start, segments = 0.0, []
        for name, kind in order:
            segments.append(Segment(name, kind, lengths.get((name, kind), 0.0), start))
            start += segments[-1].time
        drawn.append(Bar(part.name, times, start, tuple(segments)))
    return tuple(drawn)


def axis_end(longest: float) -> float:
    """End of the time axis, round, so that the axis stays while a bar grows [s].

    Parameters
    ----------
    longest : float
        Time of the longest bar [s].

    Examples
    --------
    >>> axis_end(0.0053), axis_end(0.0065), axis_end(0.0098)
    (0.008, 0.008, 0.012)
    """
    return round_end(ROOM * longest)
