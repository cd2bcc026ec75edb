"""Guessed tokens: how many a step yields where the model checks several at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .requests import decoders_alone

if TYPE_CHECKING:
    from ..plan import Plan
    from .base import Technique

RIVALS = "guess tokens"


def expected_tokens(guessed: int, acceptance: float, chains: int = 1) -> float:
    """Tokens that a check of guesses one after the other yields, its own included, as expected [1].

    (1 - a^(g + 1)) / (1 - a): Leviathan et al. 2022, arXiv 2211.17192, equation 1. Its k-th term a^k is the probability
    that the first k guesses are right; of w chains that are guessed independently the best has them right with
    probability 1 - (1 - a^k)^w.

    Parameters
    ----------
    guessed : int
        Guesses, g [1].
    acceptance : float
        Probability that a guess is right when those before it were, a [1].
    chains : int
        Chains of so many guesses that are checked together, w [1].

    Examples
    --------
    >>> expected_tokens(4, 0.0), expected_tokens(4, 0.5), expected_tokens(4, 1.0), expected_tokens(1, 0.5, 2)
    (1.0, 1.9375, 5.0, 1.75)
    """
    return sum((1 - (1 - acceptance**k) ** chains for k in range(1, guessed + 1)), 1.0)


def checked(plan: Plan, technique: Technique, query: int, tokens: float) -> Plan:
    """The plan with decode passes that check several tokens.

    Parameters
    ----------
    plan : Plan
        What runs.
    technique : Technique
        What guesses.
    query : int
        Tokens that a pass runs for each sequence [1].
    tokens : float
        Tokens that it yields, as expected [1].
    """
    decoders_alone(plan, technique)
    if "state" in plan.model.kept:
        note = "Guesses that are not right take back what they did to the states; the copy of them is not counted."
        plan = replace(plan, notes=(*plan.notes, note))
    return plan.with_schedule(query_tokens=query, tokens_per_step=tokens)
