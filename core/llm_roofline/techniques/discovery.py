"""The techniques that the files of this folder define, found when they are first asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from .base import Technique


@cache
def found() -> dict[str, Technique]:
    """Every technique by its name, in the order of the files."""
    package, folder = __package__, str(Path(__file__).parent)
    modules = [import_module(f"{package}.{module.name}") for module in iter_modules([folder])]
    return {
        value.name: value()
        for module in modules
        for value in vars(module).values()
        if _is_technique(value) and value.__module__ == module.__name__  # not what a file imports from another
    }


def _is_technique(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Technique) and isinstance(getattr(value, "name", None), str)
