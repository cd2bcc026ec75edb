"""What an evaluation answers: two phases, their times, the memory, and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ..basics.units import percent, quantity
from .words import takeaway

if TYPE_CHECKING:
    from ..serving.plan import Plan
    from ..serving.schedule import Times
    from .memory import Memory
    from .scenario import Scenario
    from .table import OperatorTable


@dataclass(frozen=True, eq=False)
class Phase:
    """A forward pass: of a tower, the prefill, the mean decode step of a generation, or a denoising step.

    Parameters
    ----------
    name : str
        ``"vision"``, ``"encoder"``, ``"prefill"``, ``"draft prefill"``, ``"draft"``, ``"decode"``, ``"denoising"`` or
        ``"step"``.
    operators : OperatorTable
        Its operators.
    steps : int
        Steps that it is the mean of [1].
    """

    name: str
    operators: OperatorTable
    steps: int

    @cached_property
    def time(self) -> float:
        """Time of one pass by the roofline [s]."""
        return float(self.operators.time.sum())

    @cached_property
    def flops(self) -> float:
        """Work of one pass [FLOP]."""
        return float(self.operators.flops.sum())

    @cached_property
    def bytes(self) -> float:
        """Traffic of one pass [byte]."""
        return float(self.operators.bytes.sum())

    @cached_property
    def bound_shares(self) -> dict[str, float]:
        """Share of the time spent in operators of each bound, ``"memory"``, ``"compute"`` and ``"link"`` [1]."""
        shares = {"memory": 0.0, "compute": 0.0, "link": 0.0}
        for bound, share in zip(self.operators.bound.tolist(), self.operators.share.tolist(), strict=True):
            shares[bound] += share
        return shares

    @property
    def memory_bound_share(self) -> float:
        """Share of the time spent in memory-bound operators [1]."""
        return self.bound_shares["memory"]

    @property
    def bound(self) -> str:
        """``"memory"``, ``"compute"`` or ``"link"``: what binds the operators that take most of the time."""
        return max(self.bound_shares, key=lambda name: self.bound_shares[name])

    def __repr__(self) -> str:
        """One line."""
        return (
            f"Phase({self.name}: {quantity(self.time, 's')}, {quantity(self.flops, 'FLOP')}, "
            f"{quantity(self.bytes, 'B')}, {self.bound}-bound)"
        )


@dataclass(frozen=True, eq=False)
class Estimate:
    """The roofline's answer for a scenario; a bound, which no measurement may beat.

    Parameters
    ----------
    scenario : Scenario
        What was evaluated.
    plan : Plan
        What its techniques made of it.
    prefill, decode : Phase
        The pass over the prompt, and the mean decode step, which checks several tokens where some are guessed. Where
        only one token is generated no decode step runs, and ``decode`` is the one that would follow. Of a diffusion
        transformer both are a denoising step.
    memory : Memory
        Memory at the longest context.
    notes : tuple of str
        What a reader should know, such as a format that the device lacks.
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
        if self.plan.model.diffuses:
            return (self.decode,)
        named = (self.vision, self.encoder, self.prefill, self.draft_prefill, self.draft, self.decode)
        return tuple(phase for phase in named if phase)

    @property
    def prefill_time(self) -> float:
        """Time of a prefill pass, of the encoder before it and the draft model's after it where there are such [s]."""
        return self.prefill.time + sum(phase.time for phase in (self.encoder, self.draft_prefill) if phase)

    @property
    def iteration_time(self) -> float:
        """Time of a decode pass and of the draft model's steps before it [s]."""
        drafted = len(self.plan.schedule.draft_tokens) * self.draft.time if self.draft else 0.0
        return self.decode.time + drafted

    @property
    def iterations(self) -> float:
        """Decode passes of a request after its first token, as expected [1]."""
        steps, schedule = self.scenario.workload.decode_steps, self.plan.schedule
        yields = schedule.tokens_per_step * schedule.segments
        return steps if yields == 1 else steps / yields

    @cached_property
    def times(self) -> Times:
        """What users see."""
        return self.plan.schedule.serving.times(self)

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
        return takeaway(self)

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
