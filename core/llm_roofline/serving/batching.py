"""How requests that do not run together share the passes, and what their users see, in the steady state.

A slot is the place of one request; a new one enters when it leaves. All figures are of a cycle, in which every one of b
slots serves a request of P prompt and N output tokens.
"""

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
        """Times of the longest request; of the tokens of its batch a share is asked for."""
        longest = super().times(passes, work, schedule)
        return longest._replace(tokens_per_s=longest.tokens_per_s * self.mean)


@dataclass(frozen=True)
class Continuous(Static):
    """A request enters as soon as a slot is free; its prefill stops the decode of all others (Orca, OSDI 2022)."""

    def times(self, passes: PassTimes, work: Requests, schedule: Schedule) -> Times:
        """Times of a cycle: N - 1 decode passes, and b prefills of one request, which b - 1 others wait for."""
        slots, steps = schedule.on_replica(work.batch_size), passes.iterations
        stalls = (slots - 1) * passes.prefill
        cycle = passes.prefill + steps * passes.iteration + stalls
        tpot = (steps * passes.iteration + stalls) / work.decode_steps if steps else passes.iteration
        return Times(passes.prefill, tpot, cycle, work.batch_size * work.output_tokens / cycle)


@dataclass(frozen=True)
class Chunked(Static):
    """A request's prompt is read in chunks, and each such pass runs a decode step of the others as well.

    In a cycle there are b m mixed passes for the m chunks of b prompts, of which a slot decodes in m (b - 1), and pure
    decode passes for what is left of its N - 1 (Sarathi-Serve, arXiv 2403.02310, section 4).

    Parameters
    ----------
    chunk : int
        Tokens of a chunk [token].
    """

    chunk: int

    def times(self, passes: PassTimes, work: Requests, schedule: Schedule) -> Times:
        """Times of a cycle."""
        slots, steps = schedule.on_replica(work.batch_size), passes.iterations
        chunks = -(-(work.prompt_tokens - schedule.cached_tokens) // self.chunk)
        mixed, pure = chunks * (slots - 1), max(steps - chunks * (slots - 1), 0.0)
        others = passes.prefill * (slots - 1)  # the mixed passes of the other slots' prompts
        decoding = others * min(1.0, steps / mixed) if mixed else 0.0
        decoding += pure * passes.iteration
        cycle = passes.prefill + others + pure * passes.iteration
        tpot = decoding / work.decode_steps if steps else passes.iteration
        return Times(passes.prefill, tpot, passes.prefill + decoding, work.batch_size * work.output_tokens / cycle)


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
        slowest = max(reading, parts * sent, decoding)
        return Times(ttft, alone.tpot, ttft + waits + decoding, work.batch_size * work.output_tokens / slowest)
