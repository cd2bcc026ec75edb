"""Passes of an estimate that are shown together: one pass, or a whole generation."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .estimate import Estimate
    from .phase import Phase

PHASES = ("vision", "encoder", "prefill", "draft_prefill", "draft", "decode", "generate")
"""Phases that a picture can show: one pass, the mean step of decode or of a draft model, or a whole generation."""


class Shown(NamedTuple):
    """A pass that a picture shows.

    Parameters
    ----------
    key : str
        Which of :data:`PHASES` it is.
    phase : Phase
        The pass.
    times : float
        How often it runs, as expected [1].
    """

    key: str
    phase: Phase
    times: float


def offered(estimate: Estimate) -> dict[str, str]:
    """Phases of :data:`PHASES` that a model has, with their names for people.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    """
    keys = {phase.name: key for key in PHASES if (phase := getattr(estimate, key, None))}
    return {keys[phase.name]: phase.name for phase in estimate.phases} | {"generate": "generate"}


def shown(estimate: Estimate, phase: str) -> tuple[Shown, ...]:
    """Passes that a picture of a phase shows; of a generation those of encoder, model and draft model.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    phase : str
        One of :data:`PHASES`.
    """
    if phase != "generate":
        return (Shown(phase, getattr(estimate, phase), 1),)
    checks = estimate.iterations
    drafts = checks * len(estimate.plan.schedule.draft_tokens)
    runs: dict[str, Shown] = {}
    once = ((key, 1.0) for key in ("encoder", "prefill", "draft_prefill"))
    for key, times in (*once, ("draft", drafts), ("decode", checks)):
        if one := getattr(estimate, key):
            alike = runs.get(one.name)
            runs[one.name] = Shown(key, one, times + (alike.times if alike else 0.0))
    return tuple(runs.values())
