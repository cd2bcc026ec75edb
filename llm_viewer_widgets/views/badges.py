"""Numbered discs of findings, as marks that both charts draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bqplot import Scatter

from llm_roofline.charts import ELSEWHERE, HERE, INK

from ..kernel.updates import floats, show, words
from .chart import NOWHERE, texts, under

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bqplot import Scale

AREA = 250  # of a disc [px²]


class Badges:
    """Discs with numbers, the last marks of a chart; a click on one opens its finding.

    Parameters
    ----------
    plane : dict
        The scales of the chart.
    on_open : callable
        Called with the identifier of a finding.
    """

    def __init__(self, plane: dict[str, Scale], on_open: Callable[[str], None]) -> None:
        self._on_open = on_open
        self._findings: tuple[str, ...] = ()
        self._discs = Scatter(
            x=NOWHERE, y=NOWHERE, scales=plane, default_size=AREA, stroke=INK, stroke_width=1.3, colors=[HERE]
        )
        self._discs.on_element_click(self._clicked)
        self._numbers = texts(plane, "bold", default_size=10, colors=[INK])
        self.marks = self._discs, self._numbers

    def draw(self, badges: Sequence[tuple[float, float, str, bool, str]]) -> None:
        """Show badges: place, text, whether it is of the state that is shown, and the finding that a click opens."""
        if not badges and not self._findings:
            return
        x, y, numbers, here, self._findings = map(tuple, zip(*badges, strict=True)) if badges else ((),) * 5
        across, up = floats(x), floats(y)
        colours = [HERE if one else ELSEWHERE for one in here] or [HERE]
        show(self._discs, x=across, y=up, colors=colours)
        show(self._numbers, x=across, y=up, text=words(list(numbers)))

    def _clicked(self, _: object, message: dict[str, object]) -> None:
        finding = under(message, self._findings)
        if finding is not None:
            self._on_open(finding)
