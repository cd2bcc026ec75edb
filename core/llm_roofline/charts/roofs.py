"""The roofs of what runs: of each device one a compute format, and one of the vector lanes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..basics import quantity
from ..devices import product_peaks
from ..formats import COMPUTE_FORMATS
from ..roofline import vector_peak

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    device : str
        Name of the device where several run; else empty.
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
    device: str
    peak: float
    ridge: float
    active: bool
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    @property
    def text(self) -> str:
        """Device where there are several, formats, and height for people."""
        device = f"{self.device}: " if self.device else ""
        return f"{device}{', '.join(self.formats)} {quantity(self.peak, 'FLOP/s')}"


def roofs(tables: Sequence[OperatorTable], on: Axes) -> tuple[Roof, ...]:
    """Roofs of what runs, lowest first; equal ones of a device are one.

    Of the device that the last table spends most of its time on there are those of all its formats, of every other
    device those of the formats that run on it.

    Parameters
    ----------
    tables : sequence of OperatorTable
        The operators of the passes that are shown.
    on : Axes
        The axes to draw on.
    """
    used = formats_in_use(tables)
    first, active = next(iter(used)), next(iter(next(iter(used.values()))))
    lines = []
    for device, formats in used.items():
        heights: dict[float, list[str]] = {}
        peaks = product_peaks(device)
        for name in COMPUTE_FORMATS:
            if name in formats or (device is first and name in device.peak_flops_per_s):
                heights.setdefault(peaks[name], []).append(name)
        if (vector := vector_peak(device)) and (device is first or "vector" in formats):
            heights.setdefault(vector, []).append("vector")
        title = device.name if len(used) > 1 else ""
        for height, names in heights.items():
            x, y = _corners(device.memory_bandwidth, height, on)
            runs = device is first and active in names
            lines.append(Roof(tuple(names), title, height, height / device.memory_bandwidth, runs, x, y))
    return tuple(sorted(lines, key=lambda roof: roof.peak))


def _corners(bandwidth: float, height: float, on: Axes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corners of a roof of a bandwidth [byte/s] and a height [FLOP/s], as drawn."""
    start, end = on.x if on.linear else (10.0 ** on.x[0], 10.0 ** on.x[1])
    ridge = height / bandwidth
    return on.drawn([start, ridge, max(end, ridge)]), on.drawn([start * bandwidth, height, height])


def formats_in_use(tables: Sequence[OperatorTable]) -> dict[Hardware, tuple[str, ...]]:
    """Devices that passes run on, and the compute formats on each: those of the last pass and of most time first.

    Vector work comes last, since every pass has some.

    Parameters
    ----------
    tables : sequence of OperatorTable
        The operators of each pass.
    """
    used: dict[Hardware, dict[str, None]] = {}
    for table in reversed(tables):
        spent: dict[tuple[Hardware, str], float] = {}
        for device, name, time in zip(table.rates.devices, table.compute_format, table.time.tolist(), strict=True):
            spent[device, name] = spent.get((device, name), 0.0) + time
        for device, name in sorted(spent, key=lambda key: (key[1] == "vector", -spent[key])):
            used.setdefault(device, {})[name] = None
    return {device: tuple(names) for device, names in used.items()}
