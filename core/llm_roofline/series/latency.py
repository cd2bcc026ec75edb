"""The stacked latency bar: the time of each phase by operator, those of a kind side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .points import shown

if TYPE_CHECKING:
    from ..estimate import Estimate

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
)
"""Kinds of operators, in the order in which they are stacked and listed."""


@dataclass(frozen=True, slots=True)
class Segment:
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


@dataclass(frozen=True, slots=True)
class Bar:
    """A phase.

    Parameters
    ----------
    phase : str
        ``"prefill"`` or ``"decode"``.
    steps : int
        Steps that it sums: of a generation all its decode steps, else one [1].
    time : float
        Its length [s].
    segments : tuple of Segment
        Its parts, in order.
    """

    phase: str
    steps: int
    time: float
    segments: tuple[Segment, ...]


def bars(estimate: Estimate, phase: str) -> tuple[Bar, ...]:
    """Bars of a phase; a generation has one for the prefill and one for all decode steps.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    phase : str
        ``"prefill"``, ``"decode"`` or ``"generate"``.
    """
    found = []
    for part, times in shown(estimate, phase):
        table = part.operators
        order = sorted(range(len(table)), key=lambda i: KINDS.index(table.kind[i]))
        start, segments = 0.0, []
        for i in order:
            time = times * float(table.time[i])
            segments.append(Segment(table.name[i], table.kind[i], time, start))
            start += time
        found.append(Bar(part.name, times, start, tuple(segments)))
    return tuple(found)
