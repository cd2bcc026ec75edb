"""The board: controls, roofline, latency bar, operator list and headline, linked by one session."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ipywidgets import HTML, Box, Layout, VBox

from llm_roofline import RooflineError
from llm_roofline.findings import Findings

from .carrier import Carrier
from .controls import Controls
from .detail import Detail
from .findings_panel import FindingsPanel
from .headline import Headline
from .key import Key
from .latency_chart import LatencyChart
from .lifecycle import close_when_built, replace_boards_of_this_cell, running_cell, tree
from .notebook_findings import NotebookFindings
from .operator_table import OperatorTable
from .roofline_chart import RooflineChart
from .session import Session
from .status import Status
from .techniques_panel import TechniquesPanel

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

_STYLE = (Path(__file__).parent / "static" / "board.css").read_text(encoding="utf-8")


class LLMViewer(Session, VBox):
    """A board in a notebook cell.

    Takes what :class:`Session` takes; every control is a trait, so that ``v.batch_size = 64`` moves the board and
    ``observe``, ``link`` and ``dlink`` work.

    Examples
    --------
    >>> v = LLMViewer("llama-3.1-8b", "h100-sxm", batch_size=8)
    >>> v.batch_size = 64
    >>> v.estimate.decode.bound
    'memory'
    """

    def __init__(self, model: Any = "meta-llama/Llama-3.1-8B", hardware: Any = "h100-sxm", **fields: Any) -> None:  # noqa: ANN401 - the door
        self._views: tuple[Any, ...] = ()
        self._together: Callable[[], AbstractContextManager[None]] = nullcontext
        super().__init__(model, hardware, **fields)
        select, reveal = self._toggle, self._reveal
        headline, status, detail, key = Headline(), Status(), Detail(), Key()
        roofline, latency = RooflineChart(select, reveal), LatencyChart(select, reveal)
        table = OperatorTable(self._select)
        controls, panel, findings = Controls(self), TechniquesPanel(self), FindingsPanel(self, roofline.pick_region)
        self._cells = NotebookFindings(self.notes, self._hear_of_cells)
        table.layout.flex, table.layout.min_width, table.layout.width = "1 1 470px", "0", "auto"
        left = VBox([roofline, key], layout=Layout(flex="1 1 530px", min_width="0", overflow="hidden"))
        charts = Box([left, table], layout=Layout(display="flex", flex_flow="row wrap", width="100%"))
        charts.add_class("llmv-charts")
        unseen = Layout(display="none")
        style, carrier = HTML(f"<style>{_STYLE}</style>", layout=unseen), Carrier(layout=unseen)
        self._views = (controls, status, headline, roofline, key, latency, table, detail, panel, findings, self._cells)
        bridge, self._findings_panel = self._cells.bridge, findings
        self.children = (style, carrier, bridge, headline, controls, panel, status, charts, latency, detail, findings)
        self.add_class("llmv")
        self.draw()
        carrier.take(widget for widget in tree(self) if widget is not bridge)
        self._together = carrier.together
        before = replace_boards_of_this_cell(self)
        if not self.notes:  # where no cells keep them, they live on in the new board
            self.notes.adopt(finding for old in before for finding in old.notes)

    def draw(self) -> None:
        """Draw the state in every view."""
        with self._together():
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
        self._findings_panel.reveal(finding)

    def _hear_of_cells(self) -> None:
        self._findings_panel.keep_in_cells(kept=self._cells.bridge.ready)

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
        self._views = ()
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
        self._cells.bridge.below = running_cell()[0] or self._cells.bridge.below
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        data |= {
            "text/plain": repr(self),
            "image/svg+xml": self.picture(),
        }
        return bundle
