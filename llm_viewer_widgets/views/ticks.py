"""Ticks of a bqplot axis, with texts of our own."""

from __future__ import annotations

from typing import Any

from ..kernel.updates import floats


def ticks(texts: dict[float, str]) -> dict[str, Any]:
    """Traits of an axis with these ticks.

    The front end looks a text up under the number as JavaScript writes it, without an exponent where Python has one. It
    may write new ticks with old texts until the axis is drawn again, as a change of the scale does: that comes after.
    """
    labels = {f"{value:.0f}" if value.is_integer() else repr(value): text for value, text in texts.items()}
    return {"tick_values": floats(list(texts)), "tick_labels": labels}
