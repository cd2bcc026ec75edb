"""Speculative decoding with a draft model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...models import models
from ...operators import Head
from ...serving import Run
from ..parameters import choice, count, number
from ..refusals import decoders_alone
from ..rewriting.guessing import Guessing, expected_tokens

if TYPE_CHECKING:
    from ...models import Model
    from ...serving import Plan

PADDING = 128
"""Rows by which heads of one vocabulary differ, as those of Qwen2.5 do; llama.cpp's ``speculative`` allows as many."""


@dataclass(frozen=True)
class SpeculativeDecoding(Guessing):
    """A small model drafts tokens one by one, and the model checks them in one pass."""

    name = "speculative-decoding"
    label = "speculative decoding"
    mechanism = (
        "A draft model guesses γ tokens, and one pass checks them all: more FLOP, the same weights, and several tokens "
        "if the guesses are right."
    )
    citation = "Leviathan et al. 2022, arXiv 2211.17192; SpecTr, Sun et al. 2023, arXiv 2310.15141"
    neutral = {"guesses": 0}

    draft: str = choice("meta-llama/Llama-3.2-1B", "the draft model", models)
    guesses: int = count(4, "tokens drafted for a check, γ", high=64)
    acceptance: float = number(0.7, "probability that a guess is right", 0, 1)
    width: int = count(1, "chains drafted beside each other", low=1, high=64)

    @property
    def query_tokens(self) -> int:
        """The last token and the guesses of all chains [1]."""
        return 1 + self.guesses * self.width

    @property
    def tokens_per_step(self) -> float:
        """The guesses of the best chain that are right, and one more [1]."""
        return expected_tokens(self.guesses, self.acceptance, self.width)

    def plan(self, plan: Plan) -> Plan:
        """Let the draft model run ahead, in its own formats and as the engine runs the model.

        Its first pass runs the last token, the others the newest guess of each chain.

        Raises
        ------
        TechniqueError
            If the draft model has another vocabulary, or one of both models does not read the prompt itself.
        """
        if not self.guesses:
            return plan
        decoders_alone(plan, self)
        checking, draft = super().plan(plan), models[self.draft]
        if not draft.paradigm.grows or draft.encoder:
            raise TechniqueError(f"a draft model must be a decoder that reads the prompt, and {draft.name} is none.")
        sizes = _vocabulary(draft), _vocabulary(plan.model)
        if abs(sizes[0] - sizes[1]) > PADDING:
            raise TechniqueError(
                f"a draft model must have the vocabulary of the model: {draft.name} has {sizes[0]:,} tokens, "
                f"{plan.model.name} has {sizes[1]:,}."
            )
        run = Run(plan.engine(draft), plan.decode.machine, draft.precision, plan.decode.conventions)
        drafted = 1, *[self.width] * (self.guesses - 1)
        return replace(checking, draft=run, drafter=draft).with_schedule(draft_tokens=drafted)


def _vocabulary(model: Model) -> int:
    return next((op.vocabulary for _, op in model.operators() if isinstance(op, Head)), 0)
