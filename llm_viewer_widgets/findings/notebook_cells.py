"""The findings in the notebook itself: each is a Markdown cell below the board, where a front end lets us write one.

List and cells follow each other. A person who edits, moves or deletes a cell changes the list; a cell that somebody is
typing in is left alone. Where no front end offers cells, the list stands for itself.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from llm_roofline.findings import Finding, merged, now, number_in, of_cell, section, to_metadata

from .notebook_bridge import NotebookBridge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from llm_roofline.findings import Findings

    from ..kernel.state import State
    from .notebook_bridge import Cell, Heard

_LOG = logging.getLogger(__name__)


class CellContent(NamedTuple):
    """What a cell holds.

    Parameters
    ----------
    source : str
        Its text.
    number : int
        Number that it gives the finding [1].
    finding : Finding
        What it says.
    """

    source: str
    number: int
    finding: Finding


class NotebookCells:
    """Keeps list and cells alike.

    Parameters
    ----------
    findings : Findings
        The list.
    on_ready : callable
        Called when a front end has told of its cells.
    """

    def __init__(self, findings: Findings, on_ready: Callable[[], None]) -> None:
        self._findings, self._on_ready = findings, on_ready
        self._cells: dict[str, CellContent] | None = None  # None before the notebook has told of them
        self._drawn: tuple[Finding, ...] | None = ()
        self._failed: dict[str, Finding] = {}  # as they were when they could not be written: not tried again and again
        self.bridge = NotebookBridge(self._heard)

    @property
    def unwritten(self) -> int:
        """Count of findings that stand in no cell, or in an old one, since it could not be written [1]."""
        return sum(self._failed.get(finding.id) is finding for finding in self._findings.items)

    def draw(self, state: State) -> None:
        """Write what has changed."""
        if state.noted.items is not self._drawn:
            self._drawn = state.noted.items
            self._write_all()

    def _write_all(self) -> None:
        """Write every change; where that fails as a whole, it is tried again with the next."""
        if self._cells is None:
            return
        failed = self.unwritten
        try:
            self._cells = self._written(dict(self._cells))
        except Exception:  # noqa: BLE001 - it is logged, and tried again
            _LOG.exception("The findings could not be written into the notebook.")
            self._drawn = None
        if self.unwritten != failed:
            self._on_ready()

    def _written(self, cells: dict[str, CellContent]) -> dict[str, CellContent]:
        """Ask for what differs from the list, and return what the cells then hold."""
        items = self._findings.items
        with self.bridge.together():
            kept = {finding.id for finding in items}
            for gone in [name for name in cells if name not in kept]:
                self.bridge.remove(gone, cells.pop(gone).source)
            there = [finding.id for finding in items if finding.id in cells]
            if there != list(cells):
                self.bridge.order(there)
                cells = {name: cells[name] for name in there}
            for number, finding in enumerate(items, 1):
                before = cells.get(finding.id)
                if (not before or before[1:] != (number, finding)) and self._failed.get(finding.id) is not finding:
                    try:
                        source, metadata = section(finding, number), to_metadata(finding.to_json())
                    except Exception:  # noqa: BLE001 - it is logged, and the others are written
                        _LOG.exception("Finding %s could not be written into the notebook.", number)
                        self._failed[finding.id] = finding
                        continue
                    base = before.source if before else ""
                    following = next((f.id for f in items[number:] if f.id in cells), "") if not before else ""
                    self.bridge.write(finding.id, source, base, metadata, following)
                    cells[finding.id] = CellContent(source, number, finding)
        return cells

    def _heard(self, heard: Heard) -> None:
        """Take over what the notebook has: first all of it, later what a person or another board has done.

        What a notebook that begins lacks has not been deleted, but was not saved: it is written again.
        """
        known = {finding.id: finding for finding in self._findings.items}
        self._failed = {} if heard.begins else self._failed
        last_told = self._cells
        before = {} if heard.begins or last_told is None else dict(last_told)
        for name in heard.failed:  # was never there, so that nobody has deleted it
            before.pop(name, None)
        written: dict[str, CellContent] = {}
        taken: list[Finding] = []
        for cell in heard.cells:
            last = before.get(cell.finding)
            unchanged = last if last and last.source == cell.source else None
            for finding in (unchanged.finding,) if unchanged else _read(cell):
                if finding.id not in written:
                    listed, in_cell = known.get(finding.id, finding), finding
                    if not unchanged and finding.id in known:
                        listed, in_cell = _newer(listed, finding, before.get(finding.id))
                    written[finding.id] = CellContent(cell.source, number_in(cell.source), in_cell)
                    taken.append(listed)
        for name in heard.failed & known.keys():
            if name not in written or written[name].finding != known[name]:
                self._failed[name] = known[name]
        self._cells = written
        try:
            self._findings.adopt((*taken, *(f for f in known.values() if f.id not in written and f.id not in before)))
        except Exception:
            self._cells = last_told  # else what was not taken over would be taken for deleted
            raise
        if last_told is not None and not heard.begins and self.bridge.has_pages:
            self._pass_on(before, written, heard.page)
        self._write_all()
        self._on_ready()

    def _pass_on(self, before: dict[str, CellContent], after: dict[str, CellContent], page: str) -> None:
        """Ask the other pages on the notebook for what was done in one."""
        with self.bridge.together(done_by=page):
            for gone in before.keys() - after.keys():
                self.bridge.remove(gone, before[gone].source)
            names = list(after)
            for place, (name, cell) in enumerate(after.items()):
                base = before[name].source if name in before else ""
                if cell.source != base:
                    following = next((later for later in names[place + 1 :] if later in before), "")
                    self.bridge.write(name, cell.source, base, to_metadata(cell.finding.to_json()), following)
            if [name for name in names if name in before] != [name for name in before if name in after]:
                self.bridge.order(names)


def _read(cell: Cell) -> Iterator[Finding]:
    """Findings of a cell; what cannot be read is left alone."""
    for record in of_cell(cell.source, cell.metadata):
        try:
            yield Finding.of(record)
        except Exception:  # noqa: BLE001, S112 - whatever it is, the other cells are read
            continue


def _newer(listed: Finding, cell: Finding, before: CellContent | None) -> tuple[Finding, Finding]:
    """The finding after its cell has changed, and what the cell is taken to say.

    It is as another board wrote it, or has the text that a person typed; a cell that only lags behind is written anew,
    as is one of a notebook that begins and was saved before the last change.
    """
    if cell.edited > listed.edited:
        both = merged((listed,), (cell,))[0]
        return both, both
    if cell.text in {listed.text, before.finding.text if before else listed.text} or (
        not before and cell.digest in listed.history
    ):
        return listed, cell
    typed = listed.changed(now(), text=cell.text)
    return typed, typed
