"""Every family that ``architectures`` has, by the ``model_type`` that it reads."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ..basics import ConfigError
from . import architectures
from .family import Family, family_module


@cache
def families() -> dict[str, Family]:
    """How a configuration is read, for each ``model_type`` that ``architectures`` has."""
    files = [found.name for found in iter_modules(architectures.__path__)]
    modules = {file: family_module(import_module(f"{architectures.__name__}.{file}")) for file in files}
    readers: dict[str, str] = {}
    for file, module in modules.items():
        for model_type in module.MODEL_TYPES:
            if model_type in readers:
                other = readers[model_type]
                raise ConfigError(
                    f"architectures/{file}.py: {model_type!r} is read by architectures/{other}.py already."
                )
            readers[model_type] = file
    return {model_type: Family.of(modules[file]) for model_type, file in readers.items()}
