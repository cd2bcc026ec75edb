"""The frame of the roofline: axes, roofs and their names, which follow what runs and stay while a slider moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bqplot import Axis, LinearScale, Scatter

from llm_roofline.charts import Axes, axes_of, formats_in_use, roof_texts, roofs
from llm_roofline.estimates import shown

from ..kernel.updates import floats, show
from .chart import INK, NOWHERE, SOFT, lines, texts, write
from .ticks import ticks

if TYPE_CHECKING:
    from llm_roofline import Estimate
    from llm_roofline.charts import Label as Text


class RooflineFrame:
    """Marks and axes that devices and formats decide. Scales are linear, and arrays logarithms where the axes are.

    Attributes
    ----------
    plane : dict
        The two scales.
    on : Axes
        The axes as they are drawn now.
    names : tuple of Label
        The texts that stand in the plot.
    """

    def __init__(self) -> None:
        self.plane = {"x": LinearScale(min=-1.0, max=5.0), "y": LinearScale(min=11.0, max=16.0)}
        self.on = Axes(linear=False, x=(0.0, 1.0), y=(0.0, 1.0), x_ticks={}, y_ticks={})
        self.names: tuple[Text, ...] = ()
        self._shown: object = None
        self._roofs, self._active = lines(self.plane, 1.2, "dashed"), lines(self.plane, 2.6)
        self._drop = lines(self.plane, 1.2, "dotted")
        ridge = {"marker": "diamond", "colors": [INK], "default_size": 70}
        self._ridge = Scatter(x=NOWHERE, y=NOWHERE, scales=self.plane, **ridge)
        self.texts = texts(self.plane, "normal", colors=[SOFT])
        self.marks = self._roofs, self._active, self._drop, self._ridge
        self.axes = (
            Axis(
                scale=self.plane["x"], label="arithmetic intensity [FLOP/B]", grid_lines="solid", label_offset="2.6em"
            ),
            Axis(
                scale=self.plane["y"],
                side="left",
                label="performance [FLOP/s]",
                grid_lines="solid",
                label_offset="3.4em",
            ),
        )

    def draw(self, estimate: Estimate, phase: str, *, linear: bool) -> None:
        """Show what a phase runs on, unless it is shown already with the same axes and formats in use."""
        tables = [part.phase.operators for part in shown(estimate, phase)]
        self.on, used = axes_of(estimate, phase, linear=linear), formats_in_use(tables)
        first = next(iter(used.values()))[0]
        wanted = {device: set(names) for device, names in used.items()}, first, self.on
        if wanted == self._shown:
            return
        self._shown, found = wanted, roofs(tables, self.on)
        self.names = roof_texts(found, self.on)
        active, others = [roof for roof in found if roof.active], [roof for roof in found if not roof.active]
        ends, marked = (self.on.x, self.on.y), (self.on.x_ticks, self.on.y_ticks)
        for scale, axis, (low, high), texts_of in zip(self.plane.values(), self.axes, ends, marked, strict=True):
            show(axis, **ticks(texts_of))
            show(scale, min=low, max=high)  # after its axis: see `ticks`
        show(self._roofs, x=floats([r.x for r in others]), y=floats([r.y for r in others]))
        show(self._active, x=floats([r.x for r in active]), y=floats([r.y for r in active]))
        foot = [[self.on.y[0], r.y[1]] for r in active]
        show(self._drop, x=floats([r.x[[1, 1]] for r in active]), y=floats(foot))
        show(self._ridge, x=floats([r.x[1] for r in active]), y=floats([r.y[1] for r in active]))
        write(self.texts, self.names)
