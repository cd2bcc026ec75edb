"""The traits of a session: they read its state, and an assignment is an update of all of it."""

from __future__ import annotations

from typing import Any

from traitlets import TraitError, TraitType


class Field(TraitType[Any, Any]):
    """A trait that reads the session's state, and whose assignment is an update of all of it."""

    def get(self, obj: Any, cls: Any = None) -> Any:  # noqa: ANN401, ARG002 - as in TraitType
        """Return the value in the state; None before there is one."""
        return obj.values.get(self.name)

    def set(self, obj: Any, value: Any) -> None:  # noqa: ANN401 - as in TraitType
        """Update the session."""
        obj.update(**{str(self.name): value})


class Result(Field):
    """A trait that follows from the others."""

    def set(self, obj: Any, value: Any) -> None:  # noqa: ANN401 - as in TraitType
        """Refuse, unless it is what stands there already."""
        if value is not self.get(obj):
            raise TraitError(f"{self.name!r} follows from the scenario and cannot be set.")


class FindingList(Field):
    """The findings: one list, which an assignment fills anew."""

    def get(self, obj: Any, cls: Any = None) -> Any:  # noqa: ANN401, ARG002 - as in TraitType
        """Return the list."""
        return obj.notes
