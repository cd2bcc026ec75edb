"""What an older version pickled: values of dataclasses with slots, which keep their fields by order alone."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def set_fields(value: Any, state: Sequence[object]) -> None:  # noqa: ANN401 - of any dataclass
    """Give a value the fields of a pickle; those that it is too old to have, which stand last, take their defaults.

    Parameters
    ----------
    value : object
        A frozen dataclass with slots, not yet filled.
    state : sequence
        Its fields in their order.
    """
    for place, entry in enumerate(fields(value)):
        object.__setattr__(value, entry.name, state[place] if place < len(state) else entry.default)
