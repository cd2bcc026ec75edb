"""Axes of the roofline: fixed by the devices, so that points move and the picture does not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..basics import quantity

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ..devices import Hardware

INTENSITIES = (-1, 6)  # decades that hold every operator, and beside them the names of the roofs
LINEAR_REACH = 3.0  # ridge points shown on linear axes, as in arXiv 2402.16363, figure 5
HEADROOM = 1.18  # of the highest peak on linear axes


@dataclass(frozen=True, slots=True)
class Axes:
    """Ranges and ticks, as drawn.

    Parameters
    ----------
    linear : bool
        Linear axes, as the paper draws them; else decimal logarithms.
    x, y : tuple of float
        Range of intensity and of performance, as drawn [FLOP/byte and FLOP/s, or their decimal logarithms].
    x_ticks, y_ticks : dict of float to str
        Text of each tick by its place, as drawn [as x and y].
    """

    linear: bool
    x: tuple[float, float]
    y: tuple[float, float]
    x_ticks: dict[float, str]
    y_ticks: dict[float, str]

    def drawn(self, values: ArrayLike) -> NDArray[np.float64]:
        """Values, or on logarithmic axes their decimal logarithms, that of zero far below all others [as drawn].

        Parameters
        ----------
        values : array_like
            Intensities [FLOP/byte], or performances [FLOP/s].
        """
        numbers = np.asarray(values, dtype=np.float64)
        return numbers if self.linear else np.log10(np.maximum(numbers, 1e-30))

    def inside(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Drawn coordinates, moved to the edge where they lie outside [as drawn].

        Parameters
        ----------
        x, y : ndarray
            Coordinates, shape ``(point,)`` [as drawn].
        """
        (left, right), (low, high) = self.x, self.y
        return np.minimum(np.maximum(x, left), right), np.minimum(np.maximum(y, low), high)


def axes(*devices: Hardware, linear: bool = False) -> Axes:
    """Axes for devices.

    Parameters
    ----------
    *devices : Hardware
        One or more.
    linear : bool
        Linear axes instead of logarithmic ones.
    """
    top = max(max((*one.peak_flops_per_s.values(), *one.vector_flops_per_s.values())) for one in devices)
    bandwidth = min(one.memory_bandwidth for one in devices)
    if linear:
        x_ticks, y_ticks = round_ticks(LINEAR_REACH * top / bandwidth), round_ticks(HEADROOM * top)
        return Axes(
            linear=True,
            x=(0.0, LINEAR_REACH * top / bandwidth),
            y=(0.0, HEADROOM * top),
            x_ticks={t: f"{t:,.10g}" for t in x_ticks},
            y_ticks={t: quantity(t, "", digits=2) for t in y_ticks},
        )
    low = math.floor(math.log10(bandwidth) + INTENSITIES[0])
    high = math.log10(top) + 0.45
    return Axes(
        linear=False,
        x=(float(INTENSITIES[0]), float(INTENSITIES[1])),
        y=(float(low), high),
        x_ticks={float(k): _decade(k) for k in range(INTENSITIES[0], INTENSITIES[1] + 1)},
        y_ticks={float(k): _decade(k) for k in range(low, math.floor(high) + 1)},
    )


def _decade(power: int) -> str:
    """Text of a power of ten."""
    return quantity(10.0**power, "", digits=1) if power >= 0 else f"{10.0**power:g}"


def round_ticks(end: float, wanted: int = 6) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten from 0 up to an end [its unit].

    Parameters
    ----------
    end : float
        Largest value on the axis [any unit].
    wanted : int
        Ticks at most, without the zero [1].
    """
    rough = end / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    return [i * step for i in range(math.floor(end / step * (1 + 1e-12)) + 1)]
