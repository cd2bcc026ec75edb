"""The board: controls, roofline, latency bar, operator list and headline, linked by one session."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ipywidgets import HTML, Layout, VBox

from llm_roofline import RooflineError
from llm_roofline.findings import Findings

from .controls.controls import Controls
from .controls.techniques_panel import TechniquesPanel
from .findings.findings_panel import FindingsPanel
from .findings.notebook_cells import NotebookCells
from .kernel.lifecycle import close_when_built, replace_boards_of_this_cell, running_cell, tree
from .kernel.message_batcher import MessageBatcher
from .kernel.session import Session
from .views.detail import Detail
from .views.drawer import Drawer
from .views.headline import Headline
from .views.key import Key
from .views.latency_chart import LatencyChart
from .views.operator_table import OperatorTable
from .views.roofline_chart import RooflineChart
from .views.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from .kernel.state import View

    AnyView = TypeVar("AnyView", bound=View)

_STYLE = (Path(__file__).parent / "views" / "board.css").read_text(encoding="utf-8")


class LLMViewer(Session, VBox):
    """A board in a notebook cell.

    Takes what :class:`Session` takes; every control is a trait, so that ``v.batch_size = 64`` moves the board and
    ``observe``, ``link`` and ``dlink`` work. Its views are attributes: ``v.roofline``, ``v.latency``, ``v.headline``.

    Examples
    --------
    >>> v = LLMViewer("llama-3.1-8b", "h100-sxm", batch_size=8)
    >>> v.batch_size = 64
    >>> v.estimate.decode.bound
    'memory'
    """

    def __init__(self, model: Any = "meta-llama/Llama-3.1-8B", hardware: Any = "h100-sxm", **fields: Any) -> None:  # noqa: ANN401 - the door
        self._views: list[View] = []
        tab = fields.pop("tab", None)
        self._batch: Callable[[], AbstractContextManager[None]] = nullcontext
        super().__init__(model, hardware, **fields)
        self._add_views()
        self.add_class("llmv")
        tabs = self.drawer.tabs
        self._show(self._changed(replace(self.state, tabs=tabs), {"tab": tabs[0] if tab is None else tab}))
        self.message_batcher.take(widget for widget in tree(self) if widget is not self.notebook_cells.bridge)
        self._batch = self.message_batcher.batch
        replaced = replace_boards_of_this_cell(self)
        if not self.notes:  # where no cells keep them, they live on in the new board
            self.notes.adopt(finding for board in replaced for finding in board.notes)

    def _add_views(self) -> None:
        """Make every view and give it its place; within a place they stand in the order of these lines."""
        pane: list[View] = []  # at the left; it scrolls by itself
        charts: list[View] = []  # beside it
        self.headline, self.status_line, self.drawer = Headline(), StatusLine(), Drawer(self._open)
        self.controls = _put(Controls(self), pane)
        self.techniques_panel = _put(TechniquesPanel(self), pane)
        self.roofline = _put(RooflineChart(self._toggle, self._reveal), charts)
        self.key = _put(Key(), charts)
        self.latency = _put(LatencyChart(self._toggle, self._reveal), charts)
        self.operators = self.drawer.add("operators", OperatorTable(self._select))
        self.detail = self.drawer.add("explain", Detail())
        self.findings_panel = self.drawer.add(
            "findings", FindingsPanel(self, self.roofline.pick_region), lambda state: len(state.noted.items)
        )

        self.notebook_cells = NotebookCells(self.notes, self._hear_of_cells)
        self._views = [self.headline, *pane, self.status_line, *charts, self.drawer, self.notebook_cells]
        unseen = Layout(display="none")
        style, self.message_batcher = HTML(f"<style>{_STYLE}</style>", layout=unseen), MessageBatcher(layout=unseen)
        body = _box(
            "llmv-body", _box("llmv-side", _box("llmv-pane", *pane), self.status_line), _box("llmv-charts", *charts)
        )
        self.children = (style, self.message_batcher, self.notebook_cells.bridge, self.headline, body, self.drawer)

    def draw(self) -> None:
        """Draw the state in every view."""
        with self._batch():
            for view in self._views:
                view.draw(self.state)

    def _select(self, name: str) -> None:
        """Select an operator, or nothing where the name is empty."""
        self.request(selected=name or None)

    def _toggle(self, name: str) -> None:
        """Select an operator, or nothing if it is selected already."""
        self.request(selected=None if name == self.selected else name)

    def _open(self, tab: str) -> None:
        """Open a tab, or none where the name is empty."""
        self.request(tab=tab)

    def _reveal(self, finding: str) -> None:
        """Show a finding's state and where it stands in the list."""
        self.request_finding(finding)
        self.request(tab="findings")
        self.findings_panel.reveal(finding)

    def _hear_of_cells(self) -> None:
        cells = self.notebook_cells
        self.findings_panel.keep_in_cells(kept=cells.bridge.ready, unwritten=cells.unwritten)

    @classmethod
    def from_notebook(cls, path: str | Path, **fields: Any) -> LLMViewer:  # noqa: ANN401 - as in Session
        """Board with the findings of a notebook, in the state of the first that can still be shown.

        Parameters
        ----------
        path : str or Path
            The ``.ipynb`` file.
        **fields
            As in :class:`Session`.

        Raises
        ------
        OSError
            If the notebook cannot be read.
        RooflineError
            If it is none, or a field is not accepted.
        """
        board = cls(findings=Findings.from_notebook(path), **fields)
        for finding in () if fields else board.notes:
            with suppress(RooflineError):
                board.restore(finding)
                break
        return board

    def close(self) -> None:
        """Close the board and every widget that it made."""
        self._views = []
        widgets = [widget for widget in tree(self) if widget is not self]
        self.unobserve_all()
        close_when_built(widgets)
        super().close()

    def __repr__(self) -> str:
        """Return the estimate's table."""
        return repr(self.estimate)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:  # noqa: ANN401 - as in Widget
        """Widget, and for readers without one the picture and the table with its sentence."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        bridge = self.notebook_cells.bridge
        bridge.below = running_cell()[0] or bridge.below
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        data |= {
            "text/plain": repr(self),
            "image/svg+xml": self.picture(),
        }
        return bundle


def _box(name: str, *children: Any) -> VBox:  # noqa: ANN401 - widgets, some of which are views
    """Widgets below each other, unless the style sheet says otherwise of the name."""
    box = VBox(children)
    box.add_class(name)
    return box


def _put(view: AnyView, place: list[View]) -> AnyView:
    """View, which now stands at a place."""
    place.append(view)
    return view
