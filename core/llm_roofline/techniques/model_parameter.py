"""A parameter that is a model: a name of the catalogue, or a model of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..basics import TechniqueError, did_you_mean, shown
from ..models import Model, load_model, model_from_json, models
from .parameters import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class ModelParameter(Parameter):
    """Name of a parameter that is a model, and the words that stand for one.

    What is checked may be a stranger's, so that no name there opens a file: :meth:`parsed` alone reads those that the
    command line names.
    """

    def parsed(self, text: str) -> object:
        """The word or the name that a text writes, or the model of the file or the folder that it leads to.

        Parameters
        ----------
        text : str
            What stands behind the parameter's name on the command line.
        """
        return text if text in self.choices or not _is_path(text) else load_model(text)

    def checked(self, what: str, value: object) -> Any:  # noqa: ANN401 - a text or a model
        """Return the word or the name as it is, a model of the catalogue as its name, one of one's own as itself.

        Parameters
        ----------
        what : str
            Name of the parameter for the message.
        value : object
            A word, a name, a model, or a model's data.

        Raises
        ------
        TechniqueError
            If it is none of these; the sentence says what is accepted.
        """
        if isinstance(value, Mapping):
            value = model_from_json(dict(value))
        if isinstance(value, Model):
            catalogued = value.name in self.choices and models.get(value.name) == value
            return value.name if catalogued else value
        if isinstance(value, str) and value in self.choices:
            return value
        words = ", ".join(repr(word) for word in self.choices if word not in models)
        near = did_you_mean(value, self.choices) if isinstance(value, str) else ""
        raise TechniqueError(
            f"{what} must be {words}, a name of models.names(), or a model such as load_model returns, on "
            f"the command line a path that leads to one (got {shown(value)}).{near}"
        )


def model_choice(default: str, label: str, words: Iterable[str]) -> Any:  # noqa: ANN401 - a field
    """Field of a model: one of some words, a name of the catalogue, or a model."""
    return field(default=default, metadata={"parameter": ModelParameter(label, choices=(*words, *models))})


def _is_path(text: str) -> bool:
    try:
        return bool(text) and Path(text).exists()
    except (OSError, ValueError):  # no system has a file of such a name
        return False
