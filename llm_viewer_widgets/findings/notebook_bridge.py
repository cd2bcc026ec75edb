"""The bridge into the notebook: writes Markdown cells from a callback, and hears what a person does with them.

A kernel cannot write cells; a front end that shows a notebook can, and JupyterLab and Notebook 7 let a widget do so.
Where none does, nothing is sent. Two tabs on one notebook are two pages with a kernel in common, and each has cells of
its own. The bridge moves texts and metadata, and knows nothing of what they say.
"""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import anywidget
from ipywidgets import Layout

from ..browser.modules import module
from ..kernel.one_at_a_time import one_at_a_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_LOG = logging.getLogger(__name__)
_HERE = Path(__file__).parent


class Cell(NamedTuple):
    """A Markdown cell with a finding.

    Parameters
    ----------
    cell, finding : str
        Identifiers of the cell and of its finding; the second is empty where the metadata name none.
    source : str
        Its text.
    metadata : dict
        Its metadata.
    """

    cell: str
    finding: str
    source: str
    metadata: dict[str, Any]


class Heard(NamedTuple):
    """What a front end tells.

    Parameters
    ----------
    cells : tuple of Cell
        All cells that hold findings, in their order.
    page : str
        Name of the page that tells.
    begins : bool
        Whether it is the start.
    failed : frozenset of str
        Identifiers of findings of which something that was asked could not be done.
    """

    cells: tuple[Cell, ...]
    page: str
    begins: bool
    failed: frozenset[str]


class NotebookBridge(anywidget.AnyWidget):
    """Writes cells and hears of them. It shows nothing.

    Parameters
    ----------
    on_cells : callable
        Called with what a front end tells, at the start and after every change.
    """

    _esm = module(_HERE / "notebook_bridge.js")

    def __init__(self, on_cells: Callable[[Heard], None]) -> None:
        self._on_cells = on_cells
        self._steps: list[tuple[str, Any]] | None = None
        self._sent = 0  # messages [1]
        self._done: dict[str, int] = {}  # those that each page has carried out [1]
        self.ready: bool | None = None
        """Whether a front end has cells; None before any has spoken."""
        self.below = ""
        """Identifier of the cell below which new ones go."""
        super().__init__(layout=Layout(display="none"))
        self.on_msg(self._received)

    def write(self, finding: str, source: str, base: str, metadata: dict[str, Any], following: str = "") -> None:
        """Write a finding's cell.

        Parameters
        ----------
        finding : str
            Identifier of the finding.
        source : str
            The text.
        base : str
            The text that it takes the place of: where the cell holds another by now, or was deleted, it stays so. Empty
            for a new cell.
        metadata : dict
            What the metadata say of it.
        following : str
            Identifier of the finding before whose cell a new one goes; left out, it goes below the board.
        """
        self._send_step("write", [finding, source, base, metadata, following])

    def remove(self, finding: str, base: str) -> None:
        """Delete a finding's cell, if it still holds the text.

        Parameters
        ----------
        finding, base : str
            Identifier of the finding, and the text.
        """
        self._send_step("remove", [finding, base])

    def order(self, findings: Sequence[str]) -> None:
        """Deal out the findings anew to the places that they hold.

        Parameters
        ----------
        findings : sequence of str
            Their identifiers.
        """
        self._send_step("order", list(findings))

    @property
    def has_pages(self) -> bool:
        """Whether more than one page has spoken."""
        return len(self._done) > 1

    @contextmanager
    def together(self, done_by: str | None = None) -> Iterator[None]:
        """Let the notebook undo as one step what is asked meanwhile; what raises meanwhile has asked nothing.

        Parameters
        ----------
        done_by : str, optional
            Name of a page that has done it already.
        """
        steps: list[tuple[str, Any]] = []
        self._steps = steps
        try:
            yield
        finally:
            self._steps = None
        self._carry(steps, done_by)

    def _send_step(self, kind: str, content: Any) -> None:  # noqa: ANN401 - as the step has it
        if self._steps is None:
            self._carry([(kind, content)])
        else:
            self._steps.append((kind, content))

    def _carry(self, steps: list[tuple[str, Any]], done_by: str | None = None) -> None:
        """Send steps as a text of ASCII, which any connection takes; only what was sent is waited for."""
        if steps and self.ready:
            text = json.dumps(steps)
            self.send({"n": self._sent + 1, "below": self.below, "steps": text, "done_by": done_by})
            self._sent += 1

    @one_at_a_time
    def _received(self, _: object, content: object, __: object) -> None:
        """Heed what a browser says, as far as it makes sense.

        Cells that a page tells while a message to it is under way lack what it writes, which nobody has deleted: they
        wait for its answer.
        """
        if not isinstance(content, dict):
            return
        page = str(content.get("page", ""))
        begins = isinstance(content.get("ready"), bool)
        if begins:
            self.ready = content["ready"] or self.ready or False
        before = self._sent if begins else self._done.get(page, 0)  # nothing is under way to one that begins
        done = content["done"] if isinstance(content.get("done"), int) else before
        self._done[page] = max(before, min(done, self._sent))
        if self._done[page] < self._sent:
            return
        if isinstance(content.get("cells"), list):
            cells = [_cell(record) for record in content["cells"]]
            told = tuple(cell for cell in cells if cell)
            failed = content["failed"] if isinstance(content.get("failed"), list) else []
            if len(told) == len(cells):
                self._take_over(Heard(told, page, begins, frozenset(name for name in failed if isinstance(name, str))))

    def _take_over(self, heard: Heard) -> None:
        """Pass on what was heard; whatever comes of it, the next is heard again."""
        try:
            self._on_cells(heard)
        except Exception:  # noqa: BLE001 - it is logged, and the next is heard
            _LOG.exception("The findings of the notebook's cells could not be taken over.")


def _cell(record: object) -> Cell | None:
    """Cell of what a browser tells; None where it tells something else."""
    if not isinstance(record, list) or len(record) != len(Cell._fields) or not all(isinstance(x, str) for x in record):
        return None
    try:
        metadata = json.loads(record[3])
    except (ValueError, RecursionError):
        metadata = None
    return Cell(record[0], record[1], record[2], metadata if isinstance(metadata, dict) else {})
