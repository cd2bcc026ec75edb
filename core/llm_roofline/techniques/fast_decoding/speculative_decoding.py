"""Speculative decoding with a draft model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...errors import TechniqueError
from ...models import models
from ...operators import Head
from ...plan import Run, restructured
from ..base import CATEGORIES, Technique
from ..guessing import RIVALS, checked, expected_tokens
from ..parameters import choice, count, number

if TYPE_CHECKING:
    from ...model import Model
    from ...plan import Plan


@dataclass(frozen=True)
class SpeculativeDecoding(Technique):
    """A small model drafts tokens one by one, and the model checks them in one pass."""

    name = "speculative-decoding"
    label = "speculative decoding"
    mechanism = (
        "A draft model guesses γ tokens, and one pass checks them all: more FLOP, the same weights, and several tokens "
        "if the guesses are right."
    )
    citation = "Leviathan et al. 2022, arXiv 2211.17192; SpecInfer, Miao et al. 2023, arXiv 2305.09781"
    acts_on = "steps"
    neutral = {"guesses": 0}
    never_raises = ("ttft", "prefill_flops", "prefill_bytes")
    rivals = RIVALS

    draft: str = choice("meta-llama/Llama-3.2-1B", "the draft model", models)
    guesses: int = count(4, "tokens drafted for a check, γ", high=64)
    acceptance: float = number(0.7, "probability that a guess is right", 0, 1)
    width: int = count(1, "guesses for each of these tokens", low=1, high=64)

    def plan(self, plan: Plan) -> Plan:
        """Let the draft model run ahead.

        Of w independent guesses for a token one is right with probability 1 - (1 - a)^w; all w γ are checked, as the
        branches of a tree.

        Raises
        ------
        TechniqueError
            If the draft model has another vocabulary.
        """
        if not self.guesses:
            return plan
        right = 1 - (1 - self.acceptance) ** self.width
        tokens = expected_tokens(self.guesses, right)
        made = checked(plan, self, 1 + self.guesses * self.width, tokens)
        draft = models[self.draft]
        if _vocabulary(draft) != _vocabulary(plan.model):
            raise TechniqueError(
                f"a draft model must have the vocabulary of the model: {draft.name} has {_vocabulary(draft):,} tokens, "
                f"{plan.model.name} has {_vocabulary(plan.model):,}."
            )
        engine = tuple(t for t in plan.techniques if t.category == CATEGORIES["system"] and not t.decode_only)
        run = Run(restructured(draft, engine), plan.decode.machine, draft.precision, plan.decode.conventions)
        note = f"The time in which {draft.name} reads the prompt is not counted."
        made = replace(made, draft=run, notes=(*made.notes, note))
        return made.with_schedule(draft_steps=self.guesses, branches=self.width)


def _vocabulary(model: Model) -> int:
    return next((op.vocabulary for _, op in model.operators() if isinstance(op, Head)), 0)
