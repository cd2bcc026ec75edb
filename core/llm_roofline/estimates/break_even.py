"""When guessing pays off: the acceptance from which on a token takes no longer than without guesses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..basics import percent, quantity, significant
from ..techniques import Guessing, parameters
from .evaluate import evaluate

if TYPE_CHECKING:
    from .estimate import Estimate

HALVINGS = 40  # of the interval in which the acceptance lies


def break_even(estimate: Estimate) -> float | None:
    """Share of right guesses at which a token takes as long as without guesses [1].

    A pass and its drafts take the same time whatever comes of them, so that it has to yield as many tokens as passes
    without guesses fit into it (Leviathan et al., arXiv 2211.17192, theorem 3.8).

    Parameters
    ----------
    estimate : Estimate
        The estimate.

    Returns
    -------
    float or None
        Infinite where even right guesses do not pay off [1]; None where nothing guesses, or no share says how well.
    """
    technique = next((t for t in estimate.scenario.techniques or () if isinstance(t, Guessing)), None)
    if technique is None or technique.query_tokens == 1 or "acceptance" not in parameters(technique):
        return None
    needed = estimate.iteration_time / evaluate(estimate.scenario.without(technique.name)).iteration_time

    def pays_off(acceptance: float) -> bool:
        return replace(technique, acceptance=acceptance).tokens_per_step >= needed  # type: ignore[call-arg]  # it has one

    if not pays_off(1.0):
        return float("inf")
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if pays_off(middle) else (middle, high)
    return high


def payoff(estimate: Estimate) -> tuple[str, ...]:
    """Tokens that a pass checks and yields, and when that pays off, in one sentence; none where nothing guesses.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    """
    plan = estimate.plan.schedule
    if plan.query_tokens == 1:
        return ()
    drafts, least = len(plan.draft_tokens), break_even(estimate)
    together = quantity(estimate.iteration_time, "s")
    behind = f" behind {drafts:,} of the draft model, {together} together," if drafts else ""
    text = f"A decode pass{behind} checks {plan.query_tokens:,} tokens and yields {significant(plan.tokens_per_step)}"
    if least is None:
        return (f"{text}.",)
    if least > 1:
        return (f"{text}; even if every guess were right, that would take longer than without guesses.",)
    return (f"{text}; that pays off if more than {percent(least)} of the guesses are right.",)
