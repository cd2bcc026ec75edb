"""Decimal prefixes and the one function that writes a quantity for people.

Tables, tooltips, axes, sentences and notebooks all call :func:`quantity`; nothing else in the project rounds a number for
display. Vendor gigabytes are 1e9 bytes, and so are ours. Imports the standard library only.
"""

from __future__ import annotations

import math

KILO, MEGA, GIGA, TERA, PETA = 1e3, 1e6, 1e9, 1e12, 1e15

_PREFIXES = (
    (1e18, "E"),
    (1e15, "P"),
    (1e12, "T"),
    (1e9, "G"),
    (1e6, "M"),
    (1e3, "k"),
    (1.0, ""),
    (1e-3, "m"),
    (1e-6, "µ"),
    (1e-9, "n"),
    (1e-12, "p"),
)


def quantity(value: float, unit: str, digits: int = 3) -> str:
    """Text of a quantity with an SI prefix, such as ``"989 TFLOP/s"`` or ``"4.66 ms"``.

    Parameters
    ----------
    value : float
        The quantity in the unit without prefix [unit].
    unit : str
        ``"FLOP/s"``, ``"B"``, ``"s"``, ``"FLOP/B"``, or ``""`` for a plain count.
    digits : int
        Significant digits kept [1].

    Examples
    --------
    >>> quantity(989.4e12, "FLOP/s"), quantity(0.004663, "s"), quantity(0, "B")
    ('989 TFLOP/s', '4.66 ms', '0 B')
    """
    if not math.isfinite(value):
        return "–" if math.isnan(value) else f"{'−' if value < 0 else ''}∞ {unit}".strip()
    if value == 0:
        return f"0 {unit}".strip()
    rounded = float(f"{abs(value):.{digits - 1}e}")
    scale, prefix = next(((s, p) for s, p in _PREFIXES if rounded >= s), _PREFIXES[-1])
    if not unit and scale < 1:
        scale, prefix = 1.0, ""
    return f"{'−' if value < 0 else ''}{significant(rounded / scale, digits)} {prefix}{unit}".strip()


def significant(value: float, digits: int = 3) -> str:
    """Text of a number with a fixed count of significant digits and no exponent.

    Parameters
    ----------
    value : float
        The number [1].
    digits : int
        Significant digits kept [1].

    Examples
    --------
    >>> significant(989.4), significant(1.0), significant(12345.6), significant(0.004663)
    ('989', '1.00', '12,346', '0.00466')
    """
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    return f"{value:,.{max(places, 0)}f}"


def percent(share: float) -> str:
    """Text of a share, such as ``"62 %"``, ``"3.1 %"`` or ``"< 0.1 %"``.

    Parameters
    ----------
    share : float
        A share between 0 and 1 [1].

    Examples
    --------
    >>> percent(0.62), percent(0.0312), percent(0.0004), percent(0.0)
    ('62 %', '3.1 %', '< 0.1 %', '0 %')
    """
    if share == 0:
        return "0 %"
    if share < 0.001:  # noqa: PLR2004 - a tenth of a per cent is the finest step shown
        return "< 0.1 %"
    return f"{100 * share:.0f} %" if share >= 0.0995 else f"{100 * share:.1f} %"  # noqa: PLR2004 - 9.95 % shows as 10 %
