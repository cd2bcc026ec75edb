"""The one list of quantities: what an estimate, a phase, an operator and memory answer, with unit and names for people.

Board, command line, files, sweeps, findings and glossary take names, units and labels from here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter, methodcaller
from typing import TYPE_CHECKING, Any

from ..basics import WRITTEN, percent, quantity, significant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NUMBER, SHARE, TRUTH, TEXT = "number", "share", "truth", "text"
"""Kinds of values: a number with a unit, a part of a whole, what is true or false, and a word."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity: its unit, its names for people, and how to get it.

    Parameters
    ----------
    unit : str
        SI unit without prefix; ``"1"`` for what has none, and empty for a word.
    label : str
        Name for people, such as ``"time to first token"``.
    of : callable
        Its value [unit] in what has it: an estimate, a phase, an operator table or a row of one, or memory.
    symbol : str
        Short name, such as ``"TTFT"``: of a tile or of a column.
    kind : str
        :data:`NUMBER`, :data:`SHARE`, :data:`TRUTH` or :data:`TEXT`.
    """

    unit: str
    label: str
    of: Callable[..., Any]
    symbol: str
    kind: str = NUMBER

    @property
    def title(self) -> str:
        """Label, with the symbol where that says more, such as ``"time to first token (TTFT)"``."""
        return self.label if self.symbol in self.label else f"{self.label} ({self.symbol})"

    def written(self, value: float | bool | str) -> str:  # noqa: FBT001 - a value, and no switch
        """Text of a value for people.

        Parameters
        ----------
        value : float, bool or str
            The value [unit].

        Examples
        --------
        >>> QUANTITIES["ttft"].written(0.00457), QUANTITIES["tokens_per_s"].written(81.0)
        ('4.57 ms', '81.0 tokens/s')
        """
        if isinstance(value, str):
            return value
        if self.kind == TRUTH:
            return "yes" if value else "no"
        if self.kind == SHARE:
            return percent(value)
        if self.unit == "1":
            return f"{value:,.0f}" if value == round(value) else significant(value)
        if self.unit == "1/s":  # a prefix would be taken for one of tokens
            return f"{significant(value)} tokens/s"
        return quantity(value, WRITTEN.get(self.unit, self.unit))


def _word(name: str, label: str, symbol: str = "") -> Quantity:
    return Quantity("", label, attrgetter(name), symbol or label, TEXT)


def _number(name: str, unit: str, label: str, symbol: str = "", kind: str = NUMBER) -> Quantity:
    return Quantity(unit, label, attrgetter(name), symbol or label, kind)


def _traffic(name: str, label: str) -> Quantity:
    return Quantity("byte", label, methodcaller("traffic", name), label)


MEMORY: Mapping[str, Quantity] = {
    "weight_bytes": _number("weight_bytes", "byte", "weights"),
    "kv_cache_bytes": _number("kv_cache_bytes", "byte", "KV cache and states", "KV cache"),
    "activation_bytes": _number("activation_bytes", "byte", "activations"),
    "capacity_bytes": _number("capacity_bytes", "byte", "memory of the device", "capacity"),
    "usable_bytes": _number("usable_bytes", "byte", "memory that may be filled", "usable"),
    "largest_batch": _number("largest_batch", "1", "largest batch that fits", "largest batch"),
    "total_bytes": _number("total_bytes", "byte", "total"),
    "fits": _number("fits", "1", "stays within the usable memory", "fits", TRUTH),
    "devices_needed": _number("devices_needed", "1", "devices that would hold it together", "devices needed"),
}
"""Quantities of memory at the longest context, in the order in which they are written."""

QUANTITIES: Mapping[str, Quantity] = {
    "ttft": _number("ttft", "s", "time to first token", "TTFT"),
    "tpot": _number("tpot", "s", "time per output token", "TPOT"),
    "latency": _number("latency", "s", "latency of a request", "latency"),
    "tokens_per_s": _number("tokens_per_s", "1/s", "output tokens of the batch a second", "tokens/s"),
    "tokens_per_s_per_device": _number("tokens_per_s_per_device", "1/s", "of these, on each device", "tokens/s/device"),
    "prefill_flops": _number("prefill.flops", "FLOP", "work of the prefill"),
    "prefill_bytes": _number("prefill.bytes", "byte", "traffic of the prefill"),
    "decode_flops": _number("decode.flops", "FLOP", "work of the mean decode step"),
    "decode_bytes": _number("decode.bytes", "byte", "traffic of the mean decode step"),
    "memory_bytes": _number("memory.total_bytes", "byte", "memory at the longest context", "memory"),
    "fits": replace(MEMORY["fits"], of=attrgetter("memory.fits")),
    "largest_batch": replace(MEMORY["largest_batch"], of=attrgetter("memory.largest_batch")),
}
"""Quantities of an estimate."""

PHASE: Mapping[str, Quantity] = {
    "steps": _number("steps", "1", "steps that the phase is the mean of", "steps"),
    "time": _number("time", "s", "time of the phase", "time"),
    "flops": _number("flops", "FLOP", "work of the phase", "FLOP"),
    "bytes": _number("bytes", "byte", "traffic of the phase", "bytes"),
    "memory_bound_share": _number(
        "memory_bound_share", "1", "share of the time in memory-bound operators", "memory-bound", SHARE
    ),
    "bound": _word("bound", "bound of the phase", "bound"),
}
"""Quantities of a phase, in the order in which they are written."""

BOUNDS: Mapping[str, Quantity] = {
    f"{phase}_{name}": replace(PHASE[name], label=label, symbol=label, of=attrgetter(f"{phase}.{name}"))
    for phase in ("prefill", "decode")
    for name, label in (
        ("bound", f"bound of the {phase}"),
        ("memory_bound_share", f"share of the {phase}'s time in memory-bound operators"),
    )
}
"""Bounds of the phases of an estimate."""

SWEPT: Mapping[str, Quantity] = {**QUANTITIES, **BOUNDS}
"""Variables of a sweep."""

COLUMNS: Mapping[str, Quantity] = {
    "name": _word("name", "operator"),
    "block": _word("block", "block"),
    "kind": _word("kind", "kind"),
    "count": _number("count", "1", "layers that run it", "layers"),
    "flops": _number("flops", "FLOP", "work", "FLOP"),
    "bytes": _number("bytes", "byte", "traffic", "bytes"),
    "arithmetic_intensity": _number("arithmetic_intensity", "FLOP/byte", "intensity", "FLOP/B"),
    "attainable_flops_per_s": _number("attainable_flops_per_s", "FLOP/s", "attainable performance", "attainable"),
    "achieved_flops_per_s": _number("achieved_flops_per_s", "FLOP/s", "performance"),
    "peak_flops_per_s": _number("peak_flops_per_s", "FLOP/s", "peak that it computes at", "peak"),
    "compute_format": _word("compute_format", "compute format"),
    "matrix_time": _number("matrix_time", "s", "matrix time"),
    "vector_time": _number("vector_time", "s", "vector time"),
    "compute_time": _number("compute_time", "s", "compute time"),
    "memory_time": _number("memory_time", "s", "memory time"),
    "link_bytes": _number("link_bytes", "byte", "traffic over links", "link bytes"),
    "link_time": _number("link_time", "s", "link time"),
    "time": _number("time", "s", "time"),
    "share": _number("share", "1", "share of the phase's time", "share", SHARE),
    "bound": _word("bound", "bound"),
}
"""Columns of an operator table, which are the attributes of its rows, in the order in which they are written."""

TRAFFIC: Mapping[str, Quantity] = {
    "weight_bytes": _traffic("weight_bytes", "weights read"),
    "activation_read_bytes": _traffic("activation_read_bytes", "activations read"),
    "activation_write_bytes": _traffic("activation_write_bytes", "activations written"),
    "kv_read_bytes": _traffic("kv_read_bytes", "KV cache and states read"),
    "kv_write_bytes": _traffic("kv_write_bytes", "KV cache and states written"),
}
"""Traffic of each kind in an operator table; together the column ``bytes``."""

WORKLOAD: Mapping[str, Quantity] = {
    "batch_size": _number("batch_size", "1", "requests that run together", "batch"),
    "prompt_tokens": _number("prompt_tokens", "1", "tokens of each prompt", "prompt"),
    "output_tokens": _number("output_tokens", "1", "tokens generated for each request", "output"),
}
"""Quantities of a workload."""

UNITS: Mapping[str, str] = {
    name: entry.unit
    for table in (COLUMNS, PHASE, WORKLOAD, MEMORY, TRAFFIC, QUANTITIES)
    for name, entry in table.items()
    if entry.kind != TEXT
}
"""Unit of every number that is written, by its name; what is missing here is text."""
