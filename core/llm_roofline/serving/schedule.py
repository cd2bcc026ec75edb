"""The schedule: how many tokens and requests a pass runs, and what follows for the times that a user sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..basics import Numbers
    from ..models import Requests


class Times(NamedTuple):
    """Times and throughput that users of an engine see.

    Parameters
    ----------
    ttft, tpot, latency : float
        Time to first token, per further token, and of a whole request [s].
    tokens_per_s : float
        Output tokens of all requests together [1/s].
    """

    ttft: float
    tpot: float
    latency: float
    tokens_per_s: float


class PassTimes(NamedTuple):
    """Times of the passes of a request.

    Parameters
    ----------
    prefill : float
        Of a prefill pass, of the encoder before it and the draft model's after it where there are such [s].
    iteration : float
        Of a decode pass and of the draft model's passes before it [s].
    iterations : float
        Decode passes of a request after its first token, as expected [1].
    transfer : float
        What of the prefill sends the cache to another device [s].
    drafts : float
        What of the iteration the draft model's passes take [s].
    chunks : tuple of float
        What of the prefill each chunk takes, where a prompt is read in such [s].
    """

    prefill: float
    iteration: float
    iterations: float
    transfer: float = 0.0
    drafts: float = 0.0
    chunks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Static:
    """Every request of the batch begins and ends with the others: a prefill of all, then decode steps of all."""

    def times(self, passes: PassTimes, work: Requests, schedule: Schedule) -> Times:
        """Times of a batch that runs as one.

        Micro-batches of a pipeline follow each other a stage apart (GPipe, arXiv 1811.06965, section 2.3).

        Parameters
        ----------
        passes : PassTimes
            Times of the passes.
        work : Requests
            What is asked.
        schedule : Schedule
            How requests become passes.
        """
        behind = schedule.micro_batches(work.batch_size) - 1
        ttft = passes.prefill * (1 + behind / schedule.stages)
        tpot = passes.iteration / schedule.yields(work.decode_steps)
        latency = ttft + work.decode_steps * tpot
        return Times(ttft, tpot, latency, work.batch_size * work.output_tokens / latency)


@dataclass(frozen=True)
class Schedule:
    """How requests become passes.

    Parameters
    ----------
    query_tokens : int
        Tokens that a decode pass runs for each sequence [1].
    tokens_per_step : float
        Output tokens that it yields, as expected [1].
    draft_tokens : tuple of int
        Tokens that each pass of a draft model before it runs for each sequence [1]; empty where there is none.
    segments : int
        Parts of an output that are written beside each other, as sequences that share the prompt [1].
    chunk_tokens : int
        Tokens of the prompt that a pass of the prefill runs for each sequence [1]; 0 for all.
    cached_tokens : int
        Tokens of the prompt whose keys and values are there already [1].
    replicas : int
        Copies of the model that share the requests [1].
    stages : int
        Devices one behind the other, each with its part of the layers [1].
    prefill_alone : bool
        A prefill pass runs one request; else all of the batch.
    mixed : bool
        A prefill pass runs a decode step of the other requests as well.
    transfer : str
        Operator at the end of the prefill that sends the cache to another device; empty where none does.
    serving : Static
        What users see of the passes.
    """

    query_tokens: int = 1
    tokens_per_step: float = 1.0
    draft_tokens: tuple[int, ...] = ()
    segments: int = 1
    chunk_tokens: int = 0
    cached_tokens: int = 0
    replicas: int = 1
    stages: int = 1
    prefill_alone: bool = False
    mixed: bool = False
    transfer: str = ""
    serving: Static = field(default_factory=Static)

    def parts(self, steps: Numbers) -> Numbers:
        """Parts of an output that are written beside each other, never more than it has tokens, shape ``(*sweep)`` [1].

        Parameters
        ----------
        steps : int or ndarray
            Output tokens after the first one, shape ``(*sweep)`` [1].
        """
        return 1 if self.segments == 1 else min(self.segments, max(steps, 1))

    def passes(self, steps: Numbers) -> Numbers:
        """Decode passes that yield so many tokens of a request, as expected, shape ``(*sweep)`` [1].

        Parameters
        ----------
        steps : int or ndarray
            Output tokens after the first one, shape ``(*sweep)`` [1].
        """
        longest = -(-steps // self.parts(steps))
        return longest if self.tokens_per_step == 1 else longest / self.tokens_per_step

    def yields(self, steps: Numbers) -> Numbers:
        """Output tokens of a request that a decode pass yields in the mean, shape ``(*sweep)`` [1].

        Parameters
        ----------
        steps : int or ndarray
            Output tokens after the first one, shape ``(*sweep)`` [1]; 0 for the pass that would follow.
        """
        if self.segments == 1 or not steps:
            return self.tokens_per_step
        return steps / self.passes(steps)

    def chunks(self, prompt: int) -> int:
        """Passes that a prompt is read in [1].

        Parameters
        ----------
        prompt : int
            Tokens of the prompt [token].
        """
        return -(-(prompt - self.cached_tokens) // self.chunk_tokens) if self.chunk_tokens else 1

    def on_replica(self, batch: int) -> int:
        """Sequences that one replica has [1].

        Parameters
        ----------
        batch : int
            Sequences of the batch [1].
        """
        return -(-batch // self.replicas)

    def micro_batches(self, batch: int) -> int:
        """Parts of a replica's batch that follow each other through the stages [1].

        Parameters
        ----------
        batch : int
            Sequences of the batch [1].
        """
        return 1 if self.stages == 1 else min(self.stages, self.on_replica(batch))

    def in_pass(self, batch: int) -> int:
        """Sequences that one decode pass runs [1].

        Parameters
        ----------
        batch : int
            Sequences of the batch [1].
        """
        return -(-self.on_replica(batch) // self.micro_batches(batch))

    def in_decode(self, batch: int, steps: int) -> int:
        """Sequences that one decode pass runs, parts of an output counted by themselves [1].

        Parameters
        ----------
        batch : int
            Sequences of the batch [1].
        steps : int
            Output tokens after the first one [1].
        """
        parts: int = self.parts(steps)
        return self.in_pass(batch) * parts

    def in_prefill(self, batch: int) -> int:
        """Sequences that one prefill pass runs [1].

        Parameters
        ----------
        batch : int
            Sequences of the batch [1].
        """
        return 1 if self.prefill_alone else self.in_pass(batch)
