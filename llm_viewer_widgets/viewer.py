"""The board: controls, roofline, latency bar, operator list and headline, linked by one session."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ipywidgets import HTML, Box, Layout, VBox

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
        self._batch: Callable[[], AbstractContextManager[None]] = nullcontext
        super().__init__(model, hardware, **fields)
        self._add_views()
        self.add_class("llmv")
        self.draw()
        self.message_batcher.take(widget for widget in tree(self) if widget is not self.notebook_cells.bridge)
        self._batch = self.message_batcher.batch
        replaced = replace_boards_of_this_cell(self)
        if not self.notes:  # where no cells keep them, they live on in the new board
            self.notes.adopt(finding for board in replaced for finding in board.notes)

    def _add_views(self) -> None:
        """Make every view and give it its place; within a place they stand in the order of these lines."""
        above: list[View] = []
        left: list[View] = []  # with the roofline
        right: list[View] = []  # beside it
        below: list[View] = []
        self.headline = _put(Headline(), above)
        self.controls = _put(Controls(self), above)
        self.techniques_panel = _put(TechniquesPanel(self), above)
        self.status_line = _put(StatusLine(), above)
        self.roofline = _put(RooflineChart(self._toggle, self._reveal), left)
        self.key = _put(Key(), left)
        self.operators = _put(OperatorTable(self._select), right)
        self.latency = _put(LatencyChart(self._toggle, self._reveal), below)
        self.detail = _put(Detail(), below)
        self.findings_panel = _put(FindingsPanel(self, self.roofline.pick_region), below)

        self.notebook_cells = NotebookCells(self.notes, self._hear_of_cells)
        self._views = [*above, *left, *right, *below, self.notebook_cells]
        unseen = Layout(display="none")
        style, self.message_batcher = HTML(f"<style>{_STYLE}</style>", layout=unseen), MessageBatcher(layout=unseen)
        column = VBox(left, layout=Layout(flex="1 1 530px", min_width="0", overflow="hidden"))
        charts = Box([column, *right], layout=Layout(display="flex", flex_flow="row wrap", width="100%"))
        charts.add_class("llmv-charts")
        self.children = (style, self.message_batcher, self.notebook_cells.bridge, *above, charts, *below)

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

    def _reveal(self, finding: str) -> None:
        """Show a finding's state and where it stands in the list."""
        self.request_finding(finding)
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


def _put(view: AnyView, place: list[View]) -> AnyView:
    """View, which now stands at a place."""
    place.append(view)
    return view
