"""The techniques that the folders of the four categories define, found when they are first asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from ..basics import TechniqueError
from .base import CATEGORIES, Technique

STATED = ("name", "label", "mechanism", "citation", "acts_on")
"""What every technique says of itself."""


@cache
def discovered() -> dict[str, Technique]:
    """Every technique by its name, with its default parameters, in the order of the survey and of the files."""
    modules = [
        import_module(f"{__package__}.{folder}.{module.name}")
        for folder in CATEGORIES
        for module in iter_modules([str(Path(__file__).parent / folder)])
    ]
    classes = [
        value
        for module in modules
        for value in vars(module).values()
        if _is_technique(value) and value.__module__ == module.__name__  # not what a file imports from another
    ]
    for cls in classes:
        if missing := [name for name in STATED if not isinstance(getattr(cls, name, None), str)]:
            raise TechniqueError(
                f"{cls.__module__}: {cls.__name__} lacks {', '.join(missing)}. A technique states {', '.join(STATED)}."
            )
    named = {cls.name: cls for cls in classes}
    for cls in classes:
        if named[cls.name] is not cls:
            raise TechniqueError(f"{cls.__module__}: {cls.name!r} is the name of {named[cls.name].__module__} as well.")
    return {name: cls() for name, cls in named.items()}


def _is_technique(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Technique)
