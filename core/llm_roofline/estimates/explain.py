"""An operator's numbers traced to their formula, the inserted values, and the sources of formula and device."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ..basics import quantity, significant
from ..devices import doubts, origin, vector_format
from ..formats import words_of
from ..operators import COLUMNS
from ..operators.counts import ONE
from ..roofline import BOUNDS, MOVED, SENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from ..devices import Hardware
    from ..operators.counts import Count
    from ..roofline import Rates


class Row(NamedTuple):
    """What one layer of an operator counts and takes in a mean step.

    Parameters
    ----------
    position : int
        Position of the operator [1].
    counts : ndarray
        Counts of the step, shape ``(count,)`` [1].
    columns : ndarray
        Its counts, shape ``(column,)`` [FLOP or 1].
    rows : ndarray
        Its work, traffic and times, shape ``(row,)`` [FLOP, byte or s].
    time : float
        Its time [s].
    intensity : float
        Its intensity [FLOP/byte].
    bound : str
        What binds it.
    """

    position: int
    counts: NDArray[np.float64]
    columns: NDArray[np.float64]
    rows: NDArray[np.float64]
    time: float
    intensity: float
    bound: str


def explanation(rates: Rates, row: Row) -> str:
    """Text of an operator: FLOP, traffic, roof and time of one layer, each with its numbers and source.

    Parameters
    ----------
    rates : Rates
        The operators, and what the device makes of them.
    row : Row
        What the operator counts and takes.
    """
    i, structure = row.position, rates.structure
    layers, cost = structure.layers[i], structure.costs[i]
    each = f" in each of {int(layers):,} layers" if layers > 1 else ""
    lines = [
        f"{structure.names[i]}{each}",
        f"  FLOP    {cost.formula}",
        f"        = {row.columns[:2].sum():,.0f} FLOP",
    ]
    sizes = iter(rates.element_bytes[:, i])
    if structure.shares[i]:
        lines.append(f"  stored  {words_of(structure.shares[i], int(layers))}")
    for place, column in enumerate(COLUMNS):
        if not column.bytes:
            continue
        size, coefficients = next(sizes), structure.coefficients[place, i]
        terms = zip(coefficients, row.counts, structure.counts, strict=True)
        sums = " + ".join(_term(*term) for term in terms if term[0] * term[1])
        if sums:
            lines.append(f"  {column.label}: ({sums}) × {size:g} B = {row.columns[place] * size:,.0f} B")
    peak, bandwidth, computed_in = rates.peaks[i], rates.bandwidths[i], rates.compute_formats[i]
    ridge = f"the ridge of {computed_in} lies at {significant(peak / bandwidth, 4)}"
    matrix, vector, memory, link = row.rows[BOUNDS]
    moved = f"{row.rows[MOVED].sum():,.0f} B / {quantity(bandwidth, 'B/s', 4)}"
    if link:
        lines.append(f"  {cost.link} {row.rows[SENT][0]:,.0f} B → {quantity(link, 's', 4)}")
    lines += [
        f"  intensity {significant(row.intensity, 4)} FLOP/B; {ridge}",
        f"  memory  {moved} = {quantity(memory, 's', 4)}",
        f"  compute {quantity(peak, 'FLOP/s', 4)} ({computed_in}) → {quantity(max(matrix, vector), 's', 4)}",
        f"  time    {quantity(row.time, 's', 4)}{each} = {quantity(layers * row.time, 's', 4)}, {row.bound}-bound",
        f"  source  {cost.source}",
        *_device(rates.devices[i], computed_in, peak, several=len(structure.shares[i]) > 1),
    ]
    return "\n".join(lines)


def _device(device: Hardware, computed_in: str, peak: float, *, several: bool) -> Iterator[str]:
    """Lines on the device under an operator: where peak and bandwidth come from, and what to doubt of them."""
    figure = "peak_flops_per_s" if computed_in in device.peak_flops_per_s else "vector_flops_per_s"
    key = vector_format(device) if computed_in == "vector" else computed_in
    dense = getattr(device, figure)[key]
    why = "over its formats" if several else "with 2:4 sparsity"
    sparse = f" ({peak / dense:.4g} times that {why})" if peak != dense else ""
    by_origin: defaultdict[str, list[str]] = defaultdict(list)
    by_origin[origin(device, figure, key)].append(f"{key} {quantity(dense, 'FLOP/s', 4)}{sparse}")
    by_origin[origin(device, "memory_bandwidth")].append(f"memory {quantity(device.memory_bandwidth, 'B/s', 4)}")
    for source, texts in by_origin.items():
        yield f"  device  {' and '.join(texts)} of {device.name}: {source}"
    if doubt := doubts(device):
        yield f"  note    {doubt}"


def _term(coefficient: float, value: float, count: Count) -> str:
    return _number(coefficient) if count == ONE else f"{_number(coefficient)} · {_number(value)} {count.name}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
