"""A list of findings and where it is kept: in Markdown, in JSON, in the cells of notebooks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

from ..basics import RooflineError, shown, write_whole
from . import markdown, notebook
from .finding import Finding
from .undoable import UndoableList

VERSION = 1
"""Version of the JSON of a list."""


class Unread(NamedTuple):
    """A finding that this release cannot read. It is kept and written again as it is.

    Parameters
    ----------
    data : object
        Its JSON.
    reason : str
        What it lacks.
    """

    data: object
    reason: str


class StoredList(UndoableList):
    """Findings that files hold, and what of a file could not be read.

    Parameters
    ----------
    items : iterable of Finding
        What it begins with.
    unread : iterable of Unread
        What could not be read.
    """

    def __init__(self, items: Iterable[Finding] = (), *, unread: Iterable[Unread] = ()) -> None:
        super().__init__(items)
        self.unread = tuple(unread)

    def replace(self, items: Iterable[Finding]) -> None:
        """Take other findings in place of all these, and what could not be read with them.

        Parameters
        ----------
        items : iterable of Finding
            The others.
        """
        self.unread = getattr(items, "unread", self.unread)
        super().replace(items)

    def merge(self, *others: Iterable[Finding]) -> None:
        """Take in the findings of others, those that could not be read included.

        Parameters
        ----------
        *others : iterable of Finding
            Lists of findings; see :func:`llm_roofline.findings.merging.merged`.
        """
        self.unread += tuple(u for other in others for u in getattr(other, "unread", ()) if u not in self.unread)
        super().merge(*others)

    def to_markdown(self) -> str:
        """Text with every finding, from which :meth:`from_markdown` makes the list again."""
        return self._sections(self._items)

    @classmethod
    def from_markdown(cls, text: str) -> Self:
        """Make the list of any text that holds :meth:`to_markdown`'s, such as a notebook's cells joined.

        Parameters
        ----------
        text : str
            Markdown.
        """
        return cls._of(markdown.sections(text))

    @classmethod
    def from_notebook(cls, path: str | Path) -> Self:
        """Make the list of a notebook's cells.

        Parameters
        ----------
        path : str or Path
            The ``.ipynb`` file.

        Raises
        ------
        OSError
            If it cannot be read.
        RooflineError
            If it is no notebook.
        """
        return cls._of(notebook.records(path))

    def to_json(self) -> dict[str, Any]:
        """Plain data from which :meth:`from_json` makes an equal list."""
        records = [finding.to_json() for finding in self._items]
        return {"version": VERSION, "findings": [*records, *(unread.data for unread in self.unread)]}

    @classmethod
    def from_json(cls, data: str | Mapping[str, Any]) -> Self:
        """Make a list of :meth:`to_json`'s data or its text; nothing in it is executed.

        A finding that this release cannot read is kept in ``unread`` with the reason.

        Parameters
        ----------
        data : str or mapping
            The list, as text or parsed.

        Raises
        ------
        RooflineError
            If it is no list of findings at all.
        """
        try:
            record = json.loads(data) if isinstance(data, str) else data
        except (ValueError, RecursionError) as error:
            raise RooflineError(f"not a list of findings: {error}.") from error
        listed = record.get("findings") if isinstance(record, Mapping) else None
        if not isinstance(listed, list):
            raise RooflineError(f"a list of findings must be an object with 'findings' (got {shown(record)}).")
        return cls._of(listed)

    def save(self, path: str | Path = "findings.json") -> None:
        """Write the list to a file, which is whole or as it was before.

        Parameters
        ----------
        path : str or Path
            The file.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        write_whole(path, json.dumps(self.to_json(), indent=1) + "\n")

    @classmethod
    def load(cls, path: str | Path = "findings.json") -> Self:
        """Read what :meth:`save` wrote.

        Parameters
        ----------
        path : str or Path
            The file.

        Raises
        ------
        OSError
            If it cannot be read.
        RooflineError
            If it is no list of findings.
        """
        return cls.from_json(Path(path).read_text(encoding="utf-8", errors="replace"))

    @staticmethod
    def _sections(items: Iterable[Finding]) -> str:
        return "\n\n".join(markdown.section(finding, number) for number, finding in enumerate(items, 1)) + "\n"

    @classmethod
    def _of(cls, records: Iterable[object]) -> Self:
        items, unread = [], []
        for data in records:
            try:
                items.append(Finding.of(data))
            except (RooflineError, RecursionError) as error:
                unread.append(Unread(data, str(error)))
        return cls(items, unread=unread)
