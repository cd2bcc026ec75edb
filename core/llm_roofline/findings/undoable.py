"""A list of findings of which every change is a new tuple: any can be undone, and whoever watches sees both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..basics import RooflineError, shown
from .finding import Finding
from .merging import merged

STEPS = 100
"""Changes that can be undone."""


class UndoableList(Sequence[Finding]):
    """Findings in their order; the first has the number 1.

    Parameters
    ----------
    items : iterable of Finding
        What it begins with.
    """

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __init__(self, items: Iterable[Finding] = ()) -> None:
        self.on_change: Callable[[], None] | None = None
        self._items = merged(_checked(items))
        self._before: list[tuple[Finding, ...]] = []

    @property
    def items(self) -> tuple[Finding, ...]:
        """The findings, as a value."""
        return self._items

    def __len__(self) -> int:
        """Count of findings."""
        return len(self._items)

    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401 - as in Sequence
        """Finding at a place, from 0, as in any sequence."""
        return self._items[place]

    def __eq__(self, other: object) -> bool:
        """Whether both have the same findings in the same order."""
        return isinstance(other, UndoableList) and self._items == other._items

    def find(self, which: int | str | Finding) -> Finding:
        """Finding of a number from 1 or of an identifier.

        Parameters
        ----------
        which : int, str or Finding
            Its number, its identifier, or itself [1].

        Raises
        ------
        RooflineError
            If there is none.
        """
        return self._items[self._place(which)]

    def move(self, which: int | str | Finding, to: int) -> None:
        """Give a finding another number.

        Parameters
        ----------
        which : int, str or Finding
            As in :meth:`find` [1].
        to : int
            Its new number; beyond the ends it is the first or the last [1].
        """
        place = self._place(which)
        others = [*self._items[:place], *self._items[place + 1 :]]
        others.insert(max(to, 1) - 1, self._items[place])
        self._take(tuple(others))

    def delete(self, which: int | str | Finding) -> None:
        """Take a finding away; :meth:`undo` brings it back.

        Parameters
        ----------
        which : int, str or Finding
            As in :meth:`find` [1].
        """
        place = self._place(which)
        self._take((*self._items[:place], *self._items[place + 1 :]))

    def replace(self, items: Iterable[Finding]) -> None:
        """Take other findings in place of all these.

        Parameters
        ----------
        items : iterable of Finding
            The others.
        """
        self._take(merged(_checked(items)))

    def adopt(self, items: Iterable[Finding]) -> None:
        """Take what has been changed elsewhere, such as in the cells of a notebook; :meth:`undo` does not go behind it.

        Parameters
        ----------
        items : iterable of Finding
            All findings as they are now.
        """
        items = merged(_checked(items))
        if items != self._items:
            self._items = items
            self._before.clear()
            self._tell()

    def merge(self, *others: Iterable[Finding]) -> None:
        """Take in the findings of others; see :func:`llm_roofline.findings.merging.merged`.

        Parameters
        ----------
        *others : iterable of Finding
            Lists of findings.
        """
        self._take(merged(self._items, *map(_checked, others)))

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._before)

    def undo(self) -> None:
        """Go back behind the last change; where there is none, nothing happens."""
        if self._before:
            self._items = self._before.pop()
            self._tell()

    def _place(self, which: object) -> int:
        """Place of a finding in the list, from 0."""
        wanted = which.id if isinstance(which, Finding) else which
        if isinstance(wanted, int) and not isinstance(wanted, bool) and 1 <= wanted <= len(self):
            return wanted - 1
        for place, finding in enumerate(self._items):
            if finding.id == wanted:
                return place
        raise RooflineError(f"there is no finding {shown(wanted)}; there are {len(self):,}.")

    def _take(self, items: tuple[Finding, ...]) -> None:
        if items != self._items:
            self._before = [*self._before[1 - STEPS :], self._items]
            self._items = items
            self._tell()

    def _tell(self) -> None:
        if self.on_change is not None:
            self.on_change()


def _checked(items: object) -> tuple[Finding, ...]:
    """Findings; anything else is refused."""
    values = tuple(items) if isinstance(items, Iterable) else (items,)
    for item in values:
        if not isinstance(item, Finding):
            raise RooflineError(f"a list of findings holds findings (got {shown(item)}).")
    return values
