"""Quantities: what an estimate answers, by name, with unit, name for people and how an estimate gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .estimate import Estimate

QUANTITIES: dict[str, tuple[str, str, Callable[[Estimate], float]]] = {
    "ttft": ("s", "time to first token", lambda e: e.ttft),
    "tpot": ("s", "time per output token", lambda e: e.tpot),
    "latency": ("s", "time of a whole request", lambda e: e.latency),
    "tokens_per_s": ("1/s", "output tokens of the batch a second", lambda e: e.tokens_per_s),
    "tokens_per_s_per_device": ("1/s", "of these, on each device", lambda e: e.tokens_per_s_per_device),
    "prefill_flops": ("FLOP", "work of the prefill", lambda e: e.prefill.flops),
    "prefill_bytes": ("byte", "traffic of the prefill", lambda e: e.prefill.bytes),
    "decode_flops": ("FLOP", "work of the mean decode step", lambda e: e.decode.flops),
    "decode_bytes": ("byte", "traffic of the mean decode step", lambda e: e.decode.bytes),
    "memory_bytes": ("byte", "memory at the longest context", lambda e: e.memory.total_bytes),
    "fits": ("1", "stays within the usable memory", lambda e: e.memory.fits),
    "largest_batch": ("1", "largest batch that fits", lambda e: e.memory.largest_batch),
}
"""Variables of a sweep: unit, name for people, and how an estimate gives it."""
