"""Speculative decoding with a draft model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...models import DFLASH, MEDUSA, MTP, Model, Restructured, draft_model, models, vocabulary_of
from ...serving import Run
from ..model_parameter import model_choice
from ..parameters import count, number
from ..refusals import decoders_alone, refuse_misfit
from ..rewriting.guessing import Guessing, expected_tokens

if TYPE_CHECKING:
    from ...serving import Plan

AUTO, OWN = "auto", "mtp"
"""Drafts that are no names: what suits the model, and its own layers that predict further tokens."""


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

    draft: str | Model = model_choice(AUTO, "the draft model", (AUTO, OWN))  # noqa: RUF009 - a field
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

        Its first pass runs the last token, the others the newest guess of each chain. A DFlash draft guesses them all
        in one pass (arXiv 2602.06036), as do the heads of a Medusa draft, on the last token alone (2401.10774).

        Of several layers that predict further tokens, each pass runs one.

        The draft reads the prompt on what reads it for the model: what runs decode steps elsewhere, in memory or on the
        host, does so because they read much for few FLOP, and a prompt is the same work for either model.

        Raises
        ------
        TechniqueError
            If the draft model does not fit the model, one of both does not read the prompt itself, or there is no draft
            model for this one.
        """
        if not self.guesses:
            return plan
        decoders_alone(plan, self)
        checking, (draft, note) = super().plan(plan), self._draft(plan.model)
        refuse_misfit(draft, plan.model, self.guesses)
        stack, copies, precision = plan.engine(draft), 1, draft.precision
        if draft.draft == MTP:
            copies = max(block.layers for block in stack.blocks)
            stack = Restructured(tuple(replace(block, layers=1, places=()) for block in stack.blocks), stack.origin)
        if draft is plan.model.predictor:
            precision = plan.decode.precision
        run = Run(stack, plan.decode.machine, precision, plan.decode.conventions)
        at_once = {DFLASH: (self.query_tokens,), MEDUSA: (1,)}
        drafted = at_once.get(draft.draft, (1, *[self.width] * (self.guesses - 1)))
        reading = run if plan.prefill.machine == run.machine else replace(run, machine=plan.prefill.machine)
        notes = (*checking.notes, *note)
        planned = replace(checking, draft=run, draft_prefill=reading, drafter=draft, draft_copies=copies, notes=notes)
        return planned.with_schedule(draft_tokens=drafted)

    def _draft(self, model: Model) -> tuple[Model, tuple[str, ...]]:
        """The draft model, and what is to be said of it where nobody has named it."""
        if isinstance(self.draft, Model):
            return self.draft, (*self.draft.notes, f"Drafts by {self.draft.name}.")
        if self.draft in (AUTO, OWN) and model.predictor:
            return model.predictor, (f"Drafts by the layers of {model.name} that predict further tokens.",)
        if self.draft == OWN:
            raise TechniqueError(
                f"{model.name} has no layers that predict further tokens; a draft is one of models.names(), or 'auto'."
            )
        if self.draft != AUTO:
            return models[self.draft], ()
        draft = draft_model(model)
        if draft is None:
            rows = f"the {vocabulary_of(model):,} tokens of {model.name}"
            raise TechniqueError(
                f"no model of the catalogue that is small enough has {rows}; name a draft of models.names()."
            )
        return draft, (f"Drafts by {draft.name}, whose vocabulary is taken for the same by its size.",)
