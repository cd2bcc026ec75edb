"""Decimal prefixes and the one function that writes a quantity for people.

Tables, tooltips, axes, sentences and notebooks all call :func:`quantity`; nothing else in the project rounds a number
for display; :func:`number` reads one back. Vendor gigabytes are 1e9 bytes, and so are ours. Imports the standard
library and the errors.
"""

from __future__ import annotations

import math
import re

from .errors import RooflineError, shown

KILO, MEGA, GIGA, TERA, PETA = 1e3, 1e6, 1e9, 1e12, 1e15

_PREFIXES = {-4: "p", -3: "n", -2: "µ", -1: "m", 0: "", 1: "k", 2: "M", 3: "G", 4: "T", 5: "P", 6: "E"}
"""SI prefixes by their power of a thousand."""

WRITTEN = {"byte": "B", "FLOP/byte": "FLOP/B", "1": "", "1/s": "/s"}
"""Units that are written shorter for people."""

_DIGITS = r"[+\-−]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?"  # a comma parts thousands only
_NUMBER = re.compile(rf"(?P<digits>{_DIGITS})\s*(?P<unit>[^\d,.].*)?", re.IGNORECASE)
_LONGEST = 60  # characters of a number with its unit


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
    power = _power(value, digits)
    thousands = min(max(power // 3, -4 if unit else 0), 6)
    places = digits - 1 - power + 3 * thousands
    text = _plain(abs(value) / 1000.0**thousands, places)
    return f"{'−' if value < 0 else ''}{text} {_PREFIXES[thousands]}{unit}".rstrip()


def _power(value: float, digits: int) -> int:
    """Power of ten of a value's first digit once it is rounded."""
    return math.floor(math.log10(abs(value) / (1 - 0.5 * 10.0**-digits)))


def _plain(value: float, places: int) -> str:
    """Text of a number rounded to some places, which are negative where digits before the point are dropped."""
    return f"{value:,.{places}f}" if places >= 0 else f"{round(value, places):,.0f}"


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
    >>> significant(989.4), significant(0.9998), significant(12345.6), significant(0.004663)
    ('989', '1.00', '12,346', '0.00466')
    """
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    return f"{value:,.{max(digits - 1 - _power(value, digits), 0)}f}"


def percent(share: float) -> str:
    """Text of a share, such as ``"62 %"``, ``"3.1 %"`` or ``"< 0.1 %"``.

    Parameters
    ----------
    share : float
        A share, above 1 where there is more than the whole [1].

    Examples
    --------
    >>> percent(0.62), percent(0.0312), percent(0.0004), percent(0.0), percent(87.04)
    ('62 %', '3.1 %', '< 0.1 %', '0 %', '8,704 %')
    """
    if share == 0:
        return "0 %"
    if share < 0.001:  # noqa: PLR2004 - a tenth of a per cent is the finest step shown
        return "< 0.1 %"
    return f"{100 * share:,.0f} %" if share >= 0.0995 else f"{100 * share:.1f} %"  # noqa: PLR2004 - 9.95 % shows as 10 %


def ratio(value: float) -> str:
    """Text of how many times as large something is: a change in per cent, or a factor where it is large.

    Parameters
    ----------
    value : float
        Now over before [1].

    Examples
    --------
    >>> ratio(0.88), ratio(1.031), ratio(0.25), ratio(5.4), ratio(1.0)
    ('−12 %', '+3.1 %', '×0.25', '×5.4', '=')
    """
    if not math.isfinite(value):
        return "–"
    if abs(value - 1) < 0.001:  # noqa: PLR2004 - a tenth of a per cent is the finest step shown
        return "=" if value == 1 else "≈"
    if 0.5 <= value < 2:  # noqa: PLR2004 - beyond, a factor reads better
        return f"{'+' if value > 1 else '−'}{percent(abs(value - 1))}"
    return f"×{significant(value, 2)}"


def number(text: str, unit: str) -> float:
    """Value that a text such as ``"30 ms"`` writes; one without a unit is in the unit itself.

    Parameters
    ----------
    text : str
        Digits, then a prefix and the unit.
    unit : str
        The unit without prefix, such as ``"s"``, ``"byte"`` or ``"1"``; of the last also ``"%"`` is understood.

    Returns
    -------
    float
        The value [unit].

    Raises
    ------
    RooflineError
        If the text is no number of the unit.

    Examples
    --------
    >>> number("30 ms", "s"), number("80 GB", "byte"), number("62 %", "1"), number("1,024", "1")
    (0.03, 80000000000.0, 0.62, 1024.0)
    """
    match = _NUMBER.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    factors = _factors(unit)
    spelt = (match["unit"] or "").strip() if match else ""
    if match is None or spelt not in factors:
        plain = WRITTEN.get(unit, unit)
        example = f"{quantity(0.03, plain)}" if unit == "s" else f"30 {plain}".strip()
        raise RooflineError(f"{shown(text)} is no number of this kind; write for example {example}.")
    return float(match["digits"].replace(",", "").replace("−", "-")) * factors[spelt]


def _factors(unit: str) -> dict[str, float]:
    """Every way to write a unit, and what it is worth."""
    names = [unit, WRITTEN.get(unit, unit), *(["tokens/s", ""] if unit == "1/s" else [])]
    prefixes = {**{prefix: power for power, prefix in _PREFIXES.items()}, "u": -2}
    factors = {f"{prefix}{name}": 1000.0**power for prefix, power in prefixes.items() for name in names}
    return {**factors, "": 1.0, **({"%": 0.01} if unit == "1" else {})}
