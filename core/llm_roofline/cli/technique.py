"""A technique as it is written on the command line."""

from __future__ import annotations

from typing import Any

from ..basics import TechniqueError, shown
from ..techniques import Technique, parameters, techniques


def technique_of(text: str) -> Technique:
    """Technique of a text such as ``"tensor-parallel:degree=8,latency=5"``.

    Parameters
    ----------
    text : str
        Its name, and parameters that are not the default.

    Raises
    ------
    TechniqueError
        If a parameter is unknown or not accepted.
    UnknownNameError
        If there is no technique of that name.

    Examples
    --------
    >>> technique_of("tensor-parallel:degree=8").degree
    8
    """
    name, _, values = text.partition(":")
    technique, changes = techniques[name], dict[str, Any]()
    for pair in filter(None, values.split(",")):
        key, equals, value = pair.partition("=")
        if not equals:
            raise TechniqueError(f"a parameter of {technique.name} must be written name=value (got {shown(pair)}).")
        parameter = parameters(technique).get(key)
        changes[key] = parameter.parsed(value) if parameter else value
    return technique.with_(**changes)
