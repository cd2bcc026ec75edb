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
    if estimate.plan.model.diffuses:
        return {"decode": "one step", "generate": "all steps"}
    return {name.replace(" ", "_"): name for name in (*(phase.name for phase in estimate.phases), "generate")}


def shown(estimate: Estimate, phase: str) -> tuple[Shown, ...]:
    """Passes that a picture of a phase shows; of a generation those of model and draft model, but for towers.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    phase : str
        One of :data:`PHASES`.
    """
    if phase != "generate":
        return (Shown(phase, getattr(estimate, phase), 1),)
    if estimate.scenario.model.diffuses:
        return (Shown("decode", estimate.decode, estimate.scenario.workload.output_tokens),)
    checks = estimate.iterations
    drafts = checks * len(estimate.plan.schedule.draft_tokens)
    named = ("prefill", 1.0), ("draft_prefill", 1.0), ("draft", drafts), ("decode", checks)
    return tuple(Shown(key, phase, times) for key, times in named if (phase := getattr(estimate, key)))
