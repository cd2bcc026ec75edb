"""A list of findings and where it is kept: in Markdown, in JSON, in the cells of notebooks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

from ..basics import RooflineError, locked, read_whole, shown, write_whole
from . import markdown, notebook
from .finding import Finding
from .json_text import parsed
from .merging import reconciled
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
        self.known: Mapping[Path, tuple[Finding, ...]] = {}
        """What each file held when it was read or written last, by which a change of another is told from one here."""

    def replace(self, items: Iterable[Finding]) -> None:
        """Take other findings in place of all these, and what could not be read with them.

        Parameters
        ----------
        items : iterable of Finding
            The others.
        """
        self.unread = getattr(items, "unread", self.unread)
        self._learn(items)
        super().replace(items)

    def adopt(self, items: Iterable[Finding]) -> None:
        """Take what has been changed elsewhere, as :class:`UndoableList` does, and what is known of files.

        Parameters
        ----------
        items : iterable of Finding
            All findings as they are now.
        """
        self._learn(items)
        super().adopt(items)

    def merge(self, *others: Iterable[Finding]) -> None:
        """Take in the findings of others, those that could not be read included.

        Parameters
        ----------
        *others : iterable of Finding
            Lists of findings; see :func:`llm_roofline.findings.merging.merged`.
        """
        self.unread += tuple(u for other in others for u in getattr(other, "unread", ()) if u not in self.unread)
        for other in others:
            self._learn(other)
        super().merge(*others)

    def _learn(self, items: object) -> None:
        """Take over what another list knows of files."""
        self.known = {**self.known, **getattr(items, "known", {})}

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
        return _listed([*records, *(unread.data for unread in self.unread)])

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
            record = parsed(data) if isinstance(data, str) else data
        except (ValueError, RecursionError) as error:
            raise RooflineError(f"not a list of findings: {error}.") from error
        listed = record.get("findings") if isinstance(record, Mapping) else None
        if not isinstance(listed, list):
            raise RooflineError(f"a list of findings must be an object with 'findings' (got {shown(record)}).")
        return cls._of(listed)

    def save(self, path: str | Path = "findings.json") -> None:
        """Write the list to a file, which is whole or as it was before.

        What others have written there since it was read is taken in first, here as in the file: see
        :func:`llm_roofline.findings.merging.reconciled`.

        Parameters
        ----------
        path : str or Path
            The file.

        Raises
        ------
        OSError
            If it cannot be written.
        RooflineError
            If the file holds something else than a list of findings, which stays as it is.
        """
        place = Path(path).resolve()
        with locked(path):
            there = self._there(path)
            self.unread += tuple(unread for unread in there.unread if unread not in self.unread)
            items = reconciled(self.known.get(place, ()), self._items, there)
            records = [*(finding.to_json() for finding in items), *(unread.data for unread in self.unread)]
            write_whole(path, json.dumps(_listed(records), indent=1) + "\n")
        self.known = {**self.known, place: items}
        self.adopt(items)

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
            If it is no list of findings, or no regular file.
        """
        read = cls.from_json(read_whole(path))
        read.known = {Path(path).resolve(): read.items}
        return read

    @staticmethod
    def _there(path: str | Path) -> StoredList:
        """What a file holds that is about to be written; nothing where there is none yet."""
        if not Path(path).exists() or not Path(path).stat().st_size:
            return StoredList()
        try:
            return StoredList.load(path)
        except RooflineError as error:
            raise RooflineError(f"{path} stays as it is, give another name: {error}") from error

    @staticmethod
    def _sections(items: Iterable[Finding]) -> str:
        return "\n\n".join(markdown.section(finding, number) for number, finding in enumerate(items, 1)) + "\n"

    @classmethod
    def _of(cls, records: Iterable[object]) -> Self:
        items, unread = [], []
        for data in records:
            try:
                items.append(Finding.of(data))
            except RooflineError as error:
                unread.append(Unread(data, str(error)))
            except Exception as error:  # noqa: BLE001 - whatever it is, it keeps no other from being read
                unread.append(Unread(data, f"not a finding: {type(error).__name__}: {error}."))
        return cls(items, unread=unread)


def _listed(records: list[object]) -> dict[str, Any]:
    return {"version": VERSION, "findings": records}
