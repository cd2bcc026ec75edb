"""Opening what an older version pickled of a dataclass with slots."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def restore(value: Any, state: Sequence[object]) -> None:  # noqa: ANN401 - any dataclass
    """Give a value the fields that were pickled, and those that its version did not have their defaults.

    It is the ``__setstate__`` of frozen dataclasses with slots, of which pickle keeps the values in the order of their
    fields; so a new field stands at the end, and has a default.

    Parameters
    ----------
    value : dataclass
        The value, whose fields are not set yet.
    state : sequence
        The values that were pickled, in the order of the fields.
    """
    for place, field in enumerate(fields(value)):
        object.__setattr__(value, field.name, state[place] if place < len(state) else _default(field))


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()
