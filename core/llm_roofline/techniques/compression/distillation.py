"""Distillation: a smaller model that has learned from this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...models import models
from ..base import Technique
from ..parameters import choice

if TYPE_CHECKING:
    from ...models import Model


@dataclass(frozen=True)
class Distillation(Technique):
    """Another model of the catalogue answers."""

    name = "distillation"
    label = "distillation"
    mechanism = (
        "A smaller model that was trained on the outputs of this one runs in its place, with its own dimensions."
    )
    citation = "Hinton et al. 2015, arXiv 1503.02531; MiniLLM, Gu et al. 2023, arXiv 2306.08543"
    acts_on = "model"

    student: str = choice("meta-llama/Llama-3.2-1B", "the smaller model", models)

    def model(self, model: Model) -> Model:
        """Return the student.

        Raises
        ------
        TechniqueError
            If it is not smaller, or of another kind.
        """
        student = models[self.student]
        if student.parameters >= model.parameters:
            raise TechniqueError(
                f"a student must be smaller than its teacher: {student.name} has {student.parameters:,} parameters, "
                f"{model.name} has {model.parameters:,}."
            )
        if student.paradigm != model.paradigm or (student.encoder is None) != (model.encoder is None):
            raise TechniqueError(f"{student.name} is not of the kind of {model.name} and cannot answer in its place.")
        return student
