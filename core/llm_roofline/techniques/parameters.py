"""Parameters of techniques: what each accepts, and how a control shows it."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass, field, fields
from numbers import Real
from typing import TYPE_CHECKING, Any

from ..basics import TechniqueError, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterable


LARGEST = 1e15
"""Largest number of any parameter, beyond which float64 does not hold every whole one [its own unit]."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Name, unit and accepted values of a parameter.

    Parameters
    ----------
    label : str
        Its name for people.
    unit : str
        Its unit; ``"1"`` for counts and shares.
    low, high : float
        Least and largest number [its own unit].
    whole : bool
        Whole numbers alone.
    choices : tuple of str
        What a text may be; empty for numbers.
    """

    label: str
    unit: str = "1"
    low: float = 0.0
    high: float = math.inf
    whole: bool = False
    choices: tuple[str, ...] = ()

    def parsed(self, text: str) -> object:
        """The value that a text writes: the text itself where that is a choice, else the number, if it is one.

        Parameters
        ----------
        text : str
            What stands behind the parameter's name on the command line.
        """
        if self.choices:
            return text
        with suppress(ValueError):
            return float(text)
        return text

    def checked(self, what: str, value: object) -> Any:  # noqa: ANN401 - a number, a text or a model
        """Return the value as it is kept.

        Parameters
        ----------
        what : str
            Name of the parameter for the message.
        value : object
            The value [its own unit].

        Raises
        ------
        TechniqueError
            If it is not accepted; the sentence says what is.
        """
        if self.choices:
            if value in self.choices:
                return value
            near = did_you_mean(value, self.choices) if isinstance(value, str) else ""
            accepted = ", ".join(self.choices)
            raise TechniqueError(f"{what} must be one of {accepted} (got {shown(value)}).{near}")
        number, high = math.nan, min(self.high, LARGEST)
        if isinstance(value, Real) and not isinstance(value, bool):
            with suppress(OverflowError):  # an int too long for a float
                number = float(value)
        if not self.low <= number <= high or (self.whole and not number.is_integer()):
            kind = "a whole number" if self.whole else "a number"
            raise TechniqueError(f"{what} must be {kind} from {self.low:g} to {high:g} (got {shown(value)}).")
        return int(number) if self.whole else number


def count(default: int, label: str, low: int = 0, high: float = math.inf, unit: str = "1") -> Any:  # noqa: ANN401 - a field
    """Field of a whole number."""
    return field(default=default, metadata={"parameter": Parameter(label, unit, low, high, whole=True)})


def number(default: float, label: str, low: float = 0.0, high: float = math.inf, unit: str = "1") -> Any:  # noqa: ANN401 - likewise
    """Field of a number, such as a share from 0 to 1."""
    return field(default=default, metadata={"parameter": Parameter(label, unit, low, high)})


def choice(default: str, label: str, among: Iterable[str]) -> Any:  # noqa: ANN401 - likewise
    """Field of a text that is one of several."""
    return field(default=default, metadata={"parameter": Parameter(label, choices=tuple(among))})


def parameters(technique: object) -> dict[str, Parameter]:
    """Parameters of a technique by their names.

    Parameters
    ----------
    technique : Technique
        The technique, or its class.
    """
    return {entry.name: entry.metadata["parameter"] for entry in fields(technique)}  # type: ignore[arg-type]  # a dataclass
