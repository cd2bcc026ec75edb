"""Refusals of techniques by models whose requests they cannot arrange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..basics import TechniqueError
from ..models import MEDUSA, PADDING, features_of, tokens_of, vocabulary_of
from ..operators import Head

if TYPE_CHECKING:
    from ..models import Model
    from ..serving import Plan
    from .base import Technique


def writers_alone(plan: Plan, technique: Technique) -> None:
    """Refuse a technique that needs a model which writes tokens one after the other.

    Parameters
    ----------
    plan : Plan
        What runs.
    technique : Technique
        What is asked for.

    Raises
    ------
    TechniqueError
        If the model denoises.
    """
    if not plan.model.paradigm.grows:
        raise TechniqueError(f"{technique.label}: this needs a model that writes tokens; {plan.model.name} denoises.")


def decoders_alone(plan: Plan, technique: Technique) -> None:
    """As :func:`writers_alone`, and refuse a model whose prompt an encoder reads as well."""
    writers_alone(plan, technique)
    if plan.model.encoder:
        reader = f"that of {plan.model.name} has an encoder for it"
        raise TechniqueError(f"{technique.label}: this needs a decoder that reads the prompt; {reader}.")


def refuse_misfit(draft: Model, model: Model, guesses: int) -> None:
    """Refuse a draft model that cannot guess for a model.

    Parameters
    ----------
    draft, model : Model
        The one that guesses, and the one that checks.
    guesses : int
        Tokens that are guessed one after the other [1].

    Raises
    ------
    TechniqueError
        If the draft does not read the prompt itself, knows other tokens, reads other features, or has fewer heads.
    """
    if not draft.paradigm.grows or draft.encoder:
        raise TechniqueError(f"a draft model must be a decoder that reads the prompt, and {draft.name} is none.")
    sizes = tokens_of(draft), vocabulary_of(model)
    if abs(sizes[0] - sizes[1]) > PADDING:
        raise TechniqueError(
            f"a draft model must have the vocabulary of the model: {draft.name} has {sizes[0]:,} tokens, "
            f"{model.name} has {sizes[1]:,}."
        )
    widths = features_of(draft), features_of(model)
    if draft.draft and widths[0] != widths[1]:
        raise TechniqueError(
            f"{draft.name} is a draft of the kind {draft.draft}, which reads the features of the model: it expects "
            f"{widths[0]:,} elements of each, {model.name} has {widths[1]:,}. Give a draft of this model."
        )
    heads = sum(isinstance(operator, Head) for _, operator in draft.operators())
    if draft.draft == MEDUSA and guesses > heads:
        raise TechniqueError(
            f"the heads of a Medusa draft guess one token each: {draft.name} has {heads:,}, so that 'guesses' is from "
            f"1 to {heads:,} (got {guesses:,})."
        )
