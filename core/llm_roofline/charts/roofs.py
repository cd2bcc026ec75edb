"""The roofs of a device: one a compute format, and one of the vector lanes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..basics import quantity
from ..devices import product_peaks
from ..formats import COMPUTE_FORMATS
from ..roofline import vector_peak

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..devices import Hardware
    from ..estimates import OperatorTable
    from .axes import Axes


@dataclass(frozen=True, slots=True)
class Roof:
    """A roof, as drawn: up the slope of the bandwidth to the ridge point, then flat.

    Parameters
    ----------
    formats : tuple of str
        Formats that share it.
    peak : float
        Its height [FLOP/s].
    ridge : float
        Intensity at which it begins to be flat [FLOP/byte].
    active : bool
        Whether the matrix work that takes most of the time runs under it.
    x, y : ndarray
        Corners, shape ``(3,)`` [as drawn].
    """

    formats: tuple[str, ...]
    peak: float
    ridge: float
    active: bool
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    @property
    def text(self) -> str:
        """Formats and height for people."""
        return f"{', '.join(self.formats)} {quantity(self.peak, 'FLOP/s')}"


def roofs(device: Hardware, table: OperatorTable, on: Axes) -> tuple[Roof, ...]:
    """Roofs of a device, lowest first; equal ones are one.

    Parameters
    ----------
    device : Hardware
        The device.
    table : OperatorTable
        Decides which roof is active.
    on : Axes
        The axes to draw on.
    """
    heights: dict[float, list[str]] = {}
    used, peaks = active_format(table), product_peaks(device)
    for name in COMPUTE_FORMATS:
        if name in device.peak_flops_per_s or (name in peaks and name == used):  # products on vector lanes if there are
            heights.setdefault(peaks[name], []).append(name)
    if vector := vector_peak(device):
        heights.setdefault(vector, []).append("vector")
    bandwidth = device.memory_bandwidth
    start, end = on.x if on.linear else (10.0 ** on.x[0], 10.0 ** on.x[1])
    lines = []
    for height in sorted(heights):
        ridge = height / bandwidth
        x = np.array([start, ridge, max(end, ridge)])
        y = np.array([start * bandwidth, height, height])
        lines.append(Roof(tuple(heights[height]), height, ridge, used in heights[height], on.drawn(x), on.drawn(y)))
    return tuple(lines)


def active_format(table: OperatorTable) -> str:
    """Compute format of the matrix work that takes most of the time.

    Parameters
    ----------
    table : OperatorTable
        The operators of a pass.
    """
    spent: dict[str, float] = {}
    for name, time in zip(table.compute_format, table.time, strict=True):
        if name != "vector":
            spent[name] = spent.get(name, 0.0) + float(time)
    return max(spent, key=lambda name: spent[name])
