"""The axes that show an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..estimates import shown
from .axes import axes
from .roofs import formats_in_use

if TYPE_CHECKING:
    from ..estimates import Estimate
    from .axes import Axes


def axes_of(estimate: Estimate, phase: str, *, linear: bool = False) -> Axes:
    """Axes for what a phase runs on, which reach its last point.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    phase : str
        One of :data:`llm_roofline.estimates.shown.PHASES`.
    linear : bool
        Linear axes instead of logarithmic ones.
    """
    tables = [part.phase.operators for part in shown(estimate, phase)]
    reach = max(float(table.arithmetic_intensity.max()) for table in tables)
    return axes(*formats_in_use(tables), reach=reach, linear=linear)
