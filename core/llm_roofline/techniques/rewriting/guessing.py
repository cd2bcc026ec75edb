"""Guessed tokens: techniques that let one pass check several, and how many of them it yields."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from ..base import Technique
from ..refusals import writers_alone

if TYPE_CHECKING:
    from ...serving import Plan


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


@dataclass(frozen=True)
class Guessing(Technique):
    """Decode passes run guesses of the tokens to come besides the last one, and yield those that are right."""

    acts_on = "steps"
    never_raises_apart: ClassVar[tuple[str, ...]] = ("prefill_flops", "prefill_bytes")
    rivals = "guess tokens"

    @property
    @abstractmethod
    def query_tokens(self) -> int:
        """Tokens that a pass runs for each sequence [1]; 1 where nothing is guessed."""

    @property
    @abstractmethod
    def tokens_per_step(self) -> float:
        """Tokens that it yields, as expected [1]."""

    def plan(self, plan: Plan) -> Plan:
        """Check the guesses in every pass.

        Raises
        ------
        TechniqueError
            If the model does not write tokens.
        """
        if self.query_tokens == 1:
            return plan
        writers_alone(plan, self)
        if plan.model.has_states:
            note = "Guesses that are not right take back what they did to the states; the copy of them is not counted."
            plan = replace(plan, notes=(*plan.notes, note))
        return plan.with_schedule(query_tokens=self.query_tokens, tokens_per_step=self.tokens_per_step)
