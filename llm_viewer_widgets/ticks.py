"""Ticks of a bqplot axis, with texts of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bqplot import Axis


def set_ticks(axis: Axis, ticks: dict[float, str]) -> None:
    """Give an axis its ticks; equal ones send nothing.

    The front end looks a text up under the number as JavaScript writes it, without an exponent where Python has one.
    """
    values = np.array(list(ticks), dtype=np.float64)
    if axis.tick_values is None or not np.array_equal(axis.tick_values, values):
        axis.tick_values = values
    axis.tick_labels = {f"{value:.0f}" if value.is_integer() else repr(value): text for value, text in ticks.items()}
