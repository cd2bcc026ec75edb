"""Batches that run as one, of which a part waits: for the longest request, or for another device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .schedule import Static, Times

if TYPE_CHECKING:
    from ..models import Requests
    from .schedule import PassTimes, Schedule


@dataclass(frozen=True)
class Uneven(Static):
    """Requests of different lengths begin together and wait for the longest, whose output the workload says.

    Parameters
    ----------
    mean : float
        Mean output over the longest [1].
    """

    mean: float

    def times(self, passes: PassTimes, work: Requests, schedule: Schedule) -> Times:
        """Times of the longest request; a share of the batch's tokens is asked for, at least one of each request."""
        longest = super().times(passes, work, schedule)
        return longest._replace(tokens_per_s=longest.tokens_per_s * max(self.mean, 1 / work.output_tokens))


@dataclass(frozen=True)
class Disaggregated(Static):
    """One device reads the prompts of a batch while another one decodes the batch before.

    The device that reads yields the first token; the second one waits for the cache (Splitwise, arXiv 2311.18677).
    """

    def times(self, passes: PassTimes, work: Requests, schedule: Schedule) -> Times:
        """Times of a request; batches follow each other as fast as the slowest of both devices and network allows."""
        alone, sent = super().times(passes, work, schedule), passes.transfer
        ttft = alone.ttft * (1 - sent / passes.prefill)
        waits = sent if work.decode_steps else 0.0
        parts = schedule.micro_batches(work.batch_size)
        reading = (passes.prefill - sent) * parts / schedule.stages  # until a stage has room for the next batch
        decoding = work.decode_steps * alone.tpot
        slowest = max(reading, parts * waits, decoding)
        return Times(ttft, alone.tpot, ttft + waits + decoding, work.batch_size * work.output_tokens / slowest)
