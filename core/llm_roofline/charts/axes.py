"""Axes of the roofline: devices decide them and how far points reach, in wide steps: points move, the picture stays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..basics import quantity

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ..devices import Hardware

LOWEST, HIGHEST = -1, 5  # decades of intensity that are shown at least
BEYOND = 1.7  # decades beyond the last ridge point, for the names of the roofs
MARGIN = 0.1  # decades beyond the last point
LINEAR_REACH = 3.0  # ridge points shown at least on linear axes, as in arXiv 2402.16363, figure 5
LINEAR_MARGIN = 1.1  # of the last point
ENDS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0)  # of a linear axis, times a power of ten
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


def axes(*devices: Hardware, reach: float = 0.0, linear: bool = False) -> Axes:
    """Axes for devices.

    Parameters
    ----------
    *devices : Hardware
        One or more.
    reach : float
        Highest intensity of an operator [FLOP/byte].
    linear : bool
        Linear axes instead of logarithmic ones.
    """
    top = max(max((*one.peak_flops_per_s.values(), *one.vector_flops_per_s.values())) for one in devices)
    bandwidth = min(one.memory_bandwidth for one in devices)
    if linear:
        end = max(LINEAR_REACH * top / bandwidth, round_end(LINEAR_MARGIN * reach))
        x_ticks, y_ticks = round_ticks(end), round_ticks(HEADROOM * top)
        return Axes(
            linear=True,
            x=(0.0, end),
            y=(0.0, HEADROOM * top),
            x_ticks={t: f"{t:,.10g}" for t in x_ticks},
            y_ticks={t: quantity(t, "", digits=2) for t in y_ticks},
        )
    low = math.floor(math.log10(bandwidth) + LOWEST)
    high = math.log10(top) + 0.45
    far = max(math.log10(top / bandwidth) + BEYOND, math.log10(max(reach, 1.0)) + MARGIN)
    last = max(HIGHEST, math.ceil(far))
    return Axes(
        linear=False,
        x=(float(LOWEST), float(last)),
        y=(float(low), high),
        x_ticks={float(k): _decade(k) for k in range(LOWEST, last + 1)},
        y_ticks={float(k): _decade(k) for k in range(low, math.floor(high) + 1)},
    )


def _decade(power: int) -> str:
    """Text of a power of ten."""
    return quantity(10.0**power, "", digits=1) if power >= 0 else f"{10.0**power:g}"


def round_end(value: float) -> float:
    """Round end of a linear axis at a value or beyond it, so that it stays while the value moves [its unit].

    Parameters
    ----------
    value : float
        What the axis has to reach, 0 or more [any unit].
    """
    if not value:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(end * power for end in ENDS if end * power >= value)


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
