"""Whether a finding still holds, by today's models, devices and formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..basics import RooflineError, shown
from ..estimates import evaluate
from .finding import scenario_of
from .measures import Value, measure, measured, refuse_absent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..estimates import Estimate
    from .claim import Claim
    from .finding import Finding

HOLDS, CHANGED, GONE = "holds", "changed", "no longer applies"
"""Results of a check."""


@dataclass(frozen=True)
class Outcome:
    """A claim beside its quantity of today.

    Parameters
    ----------
    claim : Claim
        The claim.
    now : float, bool or str
        The value today [its own unit].
    holds : bool
        Whether the claim does.
    text : str
        Both for people.
    """

    claim: Claim
    now: Value
    holds: bool
    text: str


@dataclass(frozen=True)
class Verdict:
    """The result of checking a finding.

    Parameters
    ----------
    finding : Finding
        What was checked.
    status : str
        :data:`HOLDS`, :data:`CHANGED` or :data:`GONE`.
    reason : str
        Why, in a sentence without its full stop; empty where it holds as it was.
    outcomes : tuple of Outcome
        Every claim; none where it no longer applies.
    """

    finding: Finding
    status: str
    reason: str
    outcomes: tuple[Outcome, ...] = ()


def check(finding: Finding, estimate: Estimate | None = None) -> Verdict:
    """Evaluate a finding's scenario today and compare.

    Parameters
    ----------
    finding : Finding
        The finding.
    estimate : Estimate, optional
        The estimate of its scenario, where that is there already.
    """
    try:
        estimate = estimate or evaluate(scenario_of(finding))
        refuse_absent(estimate, finding.pin)
        outcomes = tuple(_outcome(claim, estimate, finding) for claim in finding.claims)
    except RooflineError as error:
        return Verdict(finding, GONE, str(error).strip().removesuffix("."))
    except Exception as error:  # noqa: BLE001 - whatever a stranger's numbers raise keeps no other from being checked
        return Verdict(finding, GONE, f"it cannot be evaluated: {type(error).__name__}: {shown(str(error))}")
    broken = [outcome.text for outcome in outcomes if not outcome.holds]
    moved = [outcome.text for outcome in outcomes if outcome.holds and "→" in outcome.text]
    return Verdict(finding, CHANGED if broken else HOLDS, "; ".join(broken or moved), outcomes)


def in_words(verdicts: Sequence[Verdict]) -> str:
    """The count of findings that hold, have changed or no longer apply, in one sentence.

    Parameters
    ----------
    verdicts : sequence of Verdict
        What came out.

    Examples
    --------
    >>> in_words([])
    'No findings.'
    """
    plural = {HOLDS: "hold", CHANGED: "have changed", GONE: "no longer apply"}
    singular = {HOLDS: "holds", CHANGED: "has changed", GONE: "no longer applies"}
    counts = {status: sum(verdict.status == status for verdict in verdicts) for status in plural}
    parts = [f"{n:,} {singular[status] if n == 1 else plural[status]}" for status, n in counts.items() if n]
    return f"{len(verdicts):,} finding{'s' * (len(verdicts) != 1)}: {', '.join(parts)}." if parts else "No findings."


def _outcome(claim: Claim, estimate: Estimate, finding: Finding) -> Outcome:
    quantity = measure(finding.pin, claim.quantity)
    now = measured(estimate, finding.pin, claim.quantity)
    holds = claim.met(now, finding.pin)
    before, after = quantity.written(claim.value), quantity.written(now)
    if holds and not claim.condition:
        return Outcome(claim, now, holds, f"{claim.quantity} {after}")
    if before == after and now != claim.value and not isinstance(now, str):  # a change in a digit that is not shown
        before, after = f"{claim.value:.12g}", f"{now:.12g}"
    values = after if before == after else f"{before} → {after}"
    return Outcome(claim, now, holds, f"{claim.quantity} {values}{claim.condition and f' ({claim.condition})'}")
