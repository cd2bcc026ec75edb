"""How requests that do not run together share the passes, and what their users see, in the steady state.

A slot is the place of one request; a new one enters when it leaves. All figures are of a cycle, in which every one of b
slots serves a request of P prompt and N output tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .schedule import Times, Together

if TYPE_CHECKING:
    from ..estimates.estimate import Estimate


@dataclass(frozen=True)
class Unequal(Together):
    """Requests of different lengths begin together and wait for the longest, whose output the workload says.

    Parameters
    ----------
    mean : float
        Mean output over the longest [1].
    """

    mean: float

    def times(self, e: Estimate) -> Times:
        """Times of the longest request; of the tokens of its batch a share is asked for."""
        longest = super().times(e)
        return longest._replace(tokens_per_s=longest.tokens_per_s * self.mean)


@dataclass(frozen=True)
class Continuous(Together):
    """A request enters as soon as a slot is free; its prefill stops the decode of all others (Orca, OSDI 2022)."""

    def times(self, e: Estimate) -> Times:
        """Times of a cycle: N - 1 decode passes, and b prefills of one request, which b - 1 others wait for."""
        work, plan = e.scenario.workload, e.plan.schedule
        slots, steps = plan.on_replica(work.batch_size), e.iterations
        stalls = (slots - 1) * e.prefill_time
        cycle = e.prefill_time + steps * e.iteration_time + stalls
        tpot = (steps * e.iteration_time + stalls) / work.decode_steps if steps else e.iteration_time
        return Times(e.prefill_time, tpot, cycle, work.batch_size * work.output_tokens / cycle)


@dataclass(frozen=True)
class Mixed(Together):
    """A request's prompt is read in chunks, and each such pass runs a decode step of the others as well.

    In a cycle there are b m mixed passes for the m chunks of b prompts, of which a slot decodes in m (b - 1), and pure
    decode passes for what is left of its N - 1 (Sarathi-Serve, arXiv 2403.02310, section 4).

    Parameters
    ----------
    chunk : int
        Tokens of a chunk [token].
    """

    chunk: int

    def times(self, e: Estimate) -> Times:
        """Times of a cycle."""
        work, plan = e.scenario.workload, e.plan.schedule
        slots, steps = plan.on_replica(work.batch_size), e.iterations
        chunks = -(-(work.prompt_tokens - plan.cached_tokens) // self.chunk)
        mixed, pure = chunks * (slots - 1), max(steps - chunks * (slots - 1), 0.0)
        others = e.prefill_time * (slots - 1)  # the mixed passes of the other slots' prompts
        decoding = others * min(1.0, steps / mixed) if mixed else 0.0
        decoding += pure * e.iteration_time
        cycle = e.prefill_time + others + pure * e.iteration_time
        tpot = decoding / work.decode_steps if steps else e.iteration_time
        return Times(e.prefill_time, tpot, e.prefill_time + decoding, work.batch_size * work.output_tokens / cycle)


@dataclass(frozen=True)
class Apart(Together):
    """One device reads the prompts of a batch while another one decodes the batch before.

    The device that reads yields the first token; the second one waits for the cache (Splitwise, arXiv 2311.18677).

    Parameters
    ----------
    transfer : str
        Operator at the end of the prefill that sends the cache.
    """

    transfer: str

    def times(self, e: Estimate) -> Times:
        """Times of a request; batches follow each other as fast as the slowest of both devices and network allows."""
        alone, work, plan = super().times(e), e.scenario.workload, e.plan.schedule
        sent = float(e.prefill.operators.time[e.prefill.operators.name.index(self.transfer)])
        ttft = alone.ttft * (1 - sent / e.prefill_time)
        waits = sent if work.decode_steps else 0.0
        parts = plan.micro_batches(work.batch_size)
        reading = (e.prefill_time - sent) * parts / plan.stages  # until a stage has room for the next batch
        decoding = work.decode_steps * alone.tpot
        slowest = max(reading, parts * sent, decoding)
        return Times(ttft, alone.tpot, ttft + waits + decoding, work.batch_size * work.output_tokens / slowest)
