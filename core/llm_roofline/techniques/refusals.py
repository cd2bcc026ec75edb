"""Refusals of techniques by models whose requests they cannot arrange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..basics import TechniqueError

if TYPE_CHECKING:
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
