"""An operator's numbers traced to their formula, the inserted values and the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..basics.units import quantity, significant
from ..operators.counts import ONE
from ..roofline.compile import COLUMNS

if TYPE_CHECKING:
    from .table import OperatorRow

_COLUMN_NAMES = {
    "weight_read": "weights",
    "head_read": "embedding or head",
    "wide_weight_read": "norm weights and biases",
    "activation_read": "activations in",
    "wide_read": "16-bit activations in",
    "activation_write": "activations out",
    "wide_write": "16-bit activations out",
    "kv_read": "KV cache in",
    "kv_write": "KV cache out",
    "state_read": "state in",
    "state_write": "state out",
    "adapter_read": "adapters",
    "wide_sent": "16-bit activations sent",
    "weight_sent": "weights sent",
    "kv_sent": "KV cache sent",
    "state_sent": "states sent",
}


def explanation(row: OperatorRow) -> str:
    """Text of an operator: FLOP, traffic, roof and time of one layer, each with its numbers."""
    table, i = row.table, row.index
    structure, given = table.structure, table.given
    count = structure.counts[i]
    layers = f" in each of {int(table.count[i]):,} layers" if table.count[i] > 1 else ""
    lines = [
        f"{table.name[i]}{layers}",
        f"  FLOP    {count.formula}",
        f"        = {table.columns[:2, i].sum():,.0f} FLOP",
    ]
    for column in range(2, len(COLUMNS) - 1):
        terms = [
            (coefficient, value, feature)
            for coefficient, value, feature in zip(
                structure.coefficients[column, i], table.features, structure.features, strict=True
            )
            if coefficient * value
        ]
        if not terms:
            continue
        size = given.element_bytes[column - 2, i]
        sums = " + ".join(
            _number(coefficient) if feature == ONE else f"{_number(coefficient)} · {_number(value)} {feature.name}"
            for coefficient, value, feature in terms
        )
        total = table.columns[column, i] * size
        lines.append(f"  {_COLUMN_NAMES[COLUMNS[column]]}: ({sums}) × {size:g} B = {total:,.0f} B")
    intensity, peak, bandwidth = table.arithmetic_intensity[i], given.peaks[i], given.bandwidths[i]
    memory_time, compute_time, time = table.bounds[2, i], table.bounds[:2, i].max(), table.layer_time[i]
    computed_in, total_time = table.compute_format[i], quantity(table.time[i], "s", 4)
    ridge = f"the ridge of {computed_in} lies at {significant(peak / bandwidth, 4)}"
    moved = f"{table.moved[:, i].sum():,.0f} B / {quantity(bandwidth, 'B/s', 4)}"
    if table.bounds[3, i]:
        lines.append(f"  {count.link} {table.sent[i]:,.0f} B → {quantity(table.bounds[3, i], 's', 4)}")
    lines += [
        f"  intensity {significant(intensity, 4)} FLOP/B; {ridge}",
        f"  memory  {moved} = {quantity(memory_time, 's', 4)}",
        f"  compute {quantity(peak, 'FLOP/s', 4)} ({computed_in}) → {quantity(compute_time, 's', 4)}",
        f"  time    {quantity(time, 's', 4)}{layers} = {total_time}, {table.bound[i]}-bound",
        f"  source  {count.source}",
    ]
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
