"""Effects of techniques on a scenario: ratios of its quantities with and without each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ..basics import RooflineError
from ..techniques import Technique, techniques
from .evaluate import evaluate
from .quantities import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .estimate import Estimate
    from .scenario import Scenario

COMPARED = ("ttft", "tpot", "tokens_per_s", "memory_bytes")
"""Quantities that are compared, names of :data:`QUANTITIES` and fields of :class:`Delta`."""


class Delta(NamedTuple):
    """A technique's effect on a scenario, each figure with it over the same without it.

    Parameters
    ----------
    technique : Technique
        With the parameters that it has, or would have.
    is_on : bool
        Whether the scenario has it.
    ttft, tpot, tokens_per_s, memory_bytes : float
        Ratios of time to first token, time per output token, output tokens a second and memory of a device [1]; NaN
        where it cannot be switched on.
    reason : str
        Why it cannot be switched on; else empty.
    """

    technique: Technique
    is_on: bool
    ttft: float
    tpot: float
    tokens_per_s: float
    memory_bytes: float
    reason: str = ""


def deltas(estimate: Estimate, chosen: Iterable[Technique] | None = None) -> tuple[Delta, ...]:
    """Effects of techniques, in the order of the catalogue.

    Parameters
    ----------
    estimate : Estimate
        The estimate of the scenario as it is.
    chosen : iterable of Technique, optional
        Techniques with the parameters that they would have; left out, every one with its own.
    """
    running = {technique.name: technique for technique in estimate.scenario.techniques or ()}
    asked = techniques.values() if chosen is None else chosen
    return tuple(_delta(estimate, running.get(t.name, t), is_on=t.name in running) for t in asked)


def _delta(estimate: Estimate, technique: Technique, *, is_on: bool) -> Delta:
    scenario = estimate.scenario
    try:
        other = evaluate(_changed(scenario, technique, is_on=is_on))
    except RooflineError as error:
        return Delta(technique, is_on, **dict.fromkeys(COMPARED, math.nan), reason=str(error))
    on, off = (estimate, other) if is_on else (other, estimate)
    return Delta(technique, is_on, **{name: QUANTITIES[name].of(on) / QUANTITIES[name].of(off) for name in COMPARED})


def _changed(scenario: Scenario, technique: Technique, *, is_on: bool) -> Scenario:
    return scenario.without(technique.name) if is_on else scenario.using(technique)
