"""An estimate: the answer to a scenario, with its phases, times and memory and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..basics import percent, quantity
from ..serving import PassTimes
from .words import Answer, takeaway

if TYPE_CHECKING:
    from ..models import Requests
    from ..serving import Plan, Times
    from .memory import Memory
    from .phase import Phase
    from .scenario import Scenario


@dataclass(frozen=True, eq=False)
class Estimate:
    """The roofline's answer for a scenario; a bound, which no measurement may beat.

    Parameters
    ----------
    scenario : Scenario
        What was evaluated.
    plan : Plan
        What its techniques made of it.
    asked : Requests
        Its workload; of many workloads at once arrays, and so are all totals then.
    prefill, decode : Phase
        The pass over the prompt, and the mean decode step, which checks several tokens where some are guessed. Where
        only one token is generated no decode step runs, and ``decode`` is the one that would follow. Of a diffusion
        transformer both are a denoising step.
    memory : Memory
        Memory at the longest context.
    notes : tuple of str
        What a reader should know, such as weak figures of the device or a format that it lacks.
    encoder : Phase or None
        The pass of the encoder over the prompt, where the model has one; the first token waits for it.
    vision : Phase or None
        The pass of the vision tower over one image for each sequence, where the model has one; a prompt may have none,
        so that it is in no total.
    draft, draft_prefill : Phase or None
        The mean step of a draft model, where one runs ahead of the model, and its pass over the prompt, for which the
        first token waits.
    """

    scenario: Scenario
    plan: Plan
    asked: Requests
    prefill: Phase
    decode: Phase
    memory: Memory
    notes: tuple[str, ...]
    encoder: Phase | None = None
    vision: Phase | None = None
    draft: Phase | None = None
    draft_prefill: Phase | None = None

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The passes that differ, in the order in which they run; all steps of denoising are alike."""
        passes = (self.vision, self.encoder, self.prefill, self.draft_prefill, self.draft, self.decode)
        return tuple({phase.name: phase for phase in passes if phase}.values())

    @cached_property
    def pass_times(self) -> PassTimes:
        """Times of the passes of a request."""
        schedule, steps = self.plan.schedule, self.asked.decode_steps
        drafted = len(schedule.draft_tokens) * self.draft.time if self.draft else 0.0
        return PassTimes(
            prefill=self.prefill.time + sum(phase.time for phase in (self.encoder, self.draft_prefill) if phase),
            iteration=self.decode.time + drafted,
            iterations=schedule.passes(steps),
            transfer=self.prefill.time_of(schedule.transfer) if schedule.transfer else 0.0,
            drafts=drafted,
            chunks=self._chunks if schedule.mixed else (),
        )

    @property
    def iteration_time(self) -> float:
        """Time of a decode pass and of the draft model's steps before it [s]."""
        return self.pass_times.iteration

    @property
    def iterations(self) -> float:
        """Decode passes of a request after its first token, as expected [1]."""
        return self.pass_times.iterations

    @property
    def _chunks(self) -> tuple[float, ...]:
        """Time of each pass of the prefill, the draft model's included [s]."""
        return tuple(
            np.add.reduce([phase.pass_times for phase in (self.prefill, self.draft_prefill) if phase]).tolist()
        )

    @cached_property
    def times(self) -> Times:
        """Time to first token, per output token and of a request, and throughput."""
        schedule = self.plan.schedule
        return schedule.serving.times(self.pass_times, self.asked, schedule)

    @property
    def ttft(self) -> float:
        """Time to first token: the prefill, which yields it, after the encoder where there is one [s]."""
        return self.times.ttft

    @property
    def tpot(self) -> float:
        """Time per output token after the first: the mean decode step, or its share of one that yields several [s]."""
        return self.times.tpot

    @property
    def latency(self) -> float:
        """Time of a whole request: prefill and decode steps [s]."""
        return self.times.latency

    @property
    def tokens_per_s(self) -> float:
        """Output tokens of all requests for each second [1/s]."""
        return self.times.tokens_per_s

    @property
    def tokens_per_s_per_device(self) -> float:
        """Their share of each of the devices, those that read prompts included [1/s]."""
        return self.tokens_per_s / self.plan.devices

    @property
    def takeaway(self) -> str:
        """The finding in one sentence, made from the numbers."""
        return takeaway(Answer(self.scenario, self.times, self.memory, self.prefill, self.decode, self.encoder))

    def __repr__(self) -> str:
        """Return a short table and the sentence."""
        wide = max(9, *(len(phase.name) for phase in self.phases))
        rows = [f"{'':>{wide}}{'time':>10}{'FLOP':>12}{'bytes':>10}  bound"]
        for phase in self.phases:
            share = phase.bound_shares[phase.bound]
            rows.append(
                f"{phase.name:>{wide}}{quantity(phase.time, 's'):>10}{quantity(phase.flops, 'FLOP'):>12}"
                f"{quantity(phase.bytes, 'B'):>10}  {phase.bound} ({percent(share)} of the time)"
            )
        return "\n".join([*rows, self.takeaway])
