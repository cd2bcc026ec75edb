"""Modules that a statement leaves as they were trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..patterns import alternatives
from ..statement import Rule

if TYPE_CHECKING:
    from ..section import Section

KEYS = (
    "modules_to_not_convert",
    "ignore",
    "exclude_modules",
    "ignored_layers",
    "llm_int8_skip_modules",
    "exclude",
    "skip_modules",
    "linear_weights_not_to_quantize",
)
"""Where they stand."""


def exceptions(given: Section, *more: str) -> Rule:
    """The rule of the modules that stay as they are.

    Parameters
    ----------
    given : Section
        The statement.
    *more : str
        Further keys that hold such modules.
    """
    keys = [key for key in (*KEYS, *more) if key in given]
    texts = [text for key in keys for text in given.texts(key)]
    return Rule(tuple(alternatives(texts)), None, " and ".join(keys))
