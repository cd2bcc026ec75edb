"""Requests that each have a slot until they end: how prefills and decode passes share a cycle, and what users see.

In a cycle every one of b slots serves a request of P prompt and N output tokens, b P and b (N - 1) decode steps in all:
the prompts run in the prefill passes, and each decode step runs once, in a pass of its own or beside a prompt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .schedule import Static, Times

if TYPE_CHECKING:
    from ..models import Requests
    from .schedule import PassTimes, Schedule


@dataclass(frozen=True)
class Continuous(Static):
    """A request enters as soon as a slot is free; its prefill stops the decode of all others (Orca, OSDI 2022)."""

    def times(self, passes: PassTimes, work: Requests, schedule: Schedule) -> Times:
        """Times of a cycle: b prefills of one request, and the decode passes of b.

        Slots are spread evenly over their decode passes, so that g = b / (N - 1) requests enter between two of them, or
        one now and then. Each of the others stops a request once, but for those of its own g that were read before it,
        (g - 1) / 2 in the mean.
        """
        slots, steps = schedule.on_replica(work.batch_size), passes.iterations
        if not steps:
            return _in_slots(passes, 0.0, 0.0, work, schedule)
        group = min(max(slots / steps, 1.0), slots)
        stalls = slots - 1 - (group - 1) / 2
        decoding = steps * passes.iteration + stalls * passes.prefill / schedule.stages
        return _in_slots(passes, decoding, steps, work, schedule)


@dataclass(frozen=True)
class Chunked(Static):
    """A request's prompt is read in chunks, and each such pass runs a decode step of others as well.

    In a cycle there are b m mixed passes for the m chunks of b prompts, in which as many decode as :func:`beside` says,
    and pure decode passes for what is left of the N - 1 of each (Sarathi-Serve, arXiv 2403.02310, section 4).
    """

    def times(self, passes: PassTimes, work: Requests, schedule: Schedule) -> Times:
        """Times of a cycle; where a draft model guesses, mixed passes that decode wait for it too."""
        others = beside(schedule, work, passes.iterations)
        pure = passes.iterations - sum(others)
        drafted = [time + passes.drafts * min(n, 1.0) for time, n in zip(passes.chunks, others, strict=True)]
        decoding = sum(time * n for time, n in zip(drafted, others, strict=True)) + pure * passes.iteration
        return _in_slots(passes._replace(prefill=sum(drafted)), decoding, pure, work, schedule)


def beside(schedule: Schedule, work: Requests, steps: float) -> list[float]:
    """Requests that decode in each pass of a prompt, in the steady state [1].

    Prompts are read one behind the other, so that beside the j-th of m chunks those requests decode whose prompts were
    read last and that need more than j, m + j, 2 m + j ... passes. So many of a request's own decode passes run beside
    such a chunk as well: together as many as it needs, until all slots decode.

    Parameters
    ----------
    schedule : Schedule
        Its chunks and slots.
    work : Requests
        What is asked.
    steps : float
        Decode passes of a request [1].
    """
    chunks, others = schedule.chunks(work.prompt_tokens), schedule.in_pass(work.batch_size) - 1
    prompts, left = divmod(steps, chunks)
    return [min(prompts + min(max(left - place, 0.0), 1.0), others) for place in range(chunks)]


def _in_slots(passes: PassTimes, decoding: float, pure: float, work: Requests, schedule: Schedule) -> Times:
    """Times of requests of which each has a slot until it ends.

    The next one enters when the devices have run all passes of a cycle, and not before the last one has ended.

    Parameters
    ----------
    passes : PassTimes
        Times of the passes.
    decoding : float
        From the first token of a request to its last one [s].
    pure : float
        Decode passes of a request in which no prompt is read [1].
    work : Requests
        What is asked.
    schedule : Schedule
        How requests become passes.
    """
    slots, latency = schedule.on_replica(work.batch_size), passes.prefill + decoding
    busy = slots * (passes.prefill + pure * passes.iteration / schedule.in_pass(work.batch_size)) / schedule.stages
    tpot = decoding / work.decode_steps if work.decode_steps else passes.iteration / schedule.yields(0)
    return Times(passes.prefill, tpot, latency, work.batch_size * work.output_tokens / max(busy, latency))
