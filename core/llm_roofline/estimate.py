"""What an evaluation answers: two phases, their times, the memory, and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from .takeaway import takeaway
from .units import percent, quantity

if TYPE_CHECKING:
    from .memory import Memory
    from .scenario import Scenario
    from .table import OperatorTable


@dataclass(frozen=True, eq=False)
class Phase:
    """A forward pass: of a tower, the prefill, the mean decode step of a generation, or a denoising step.

    Parameters
    ----------
    name : str
        ``"vision"``, ``"encoder"``, ``"prefill"``, ``"decode"``, ``"denoising"`` or ``"step"``.
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
    def memory_bound_share(self) -> float:
        """Share of the time spent in memory-bound operators [1]."""
        return float(self.operators.share[self.operators.bound == "memory"].sum())

    @property
    def bound(self) -> str:
        """``"memory"`` or ``"compute"``: what binds the operators that take most of the time."""
        return "memory" if self.memory_bound_share >= 0.5 else "compute"  # noqa: PLR2004 - the larger half

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
    prefill, decode : Phase
        The pass over the prompt, and the mean decode step. Where only one token is generated no decode step runs, and
        ``decode`` is the one that would follow. Of a diffusion transformer both are a denoising step.
    memory : Memory
        Memory at the longest context.
    notes : tuple of str
        What a reader should know, such as a format that the device lacks.
    encoder : Phase or None
        The pass of the encoder over the prompt, where the model has one; the first token waits for it.
    vision : Phase or None
        The pass of the vision tower over one image for each sequence, where the model has one; a prompt may have none,
        so that it is in no total.
    """

    scenario: Scenario
    prefill: Phase
    decode: Phase
    memory: Memory
    notes: tuple[str, ...]
    encoder: Phase | None = None
    vision: Phase | None = None

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The passes that differ, in the order in which they run; all steps of denoising are alike."""
        if self.scenario.model.diffuses:
            return (self.decode,)
        return tuple(phase for phase in (self.vision, self.encoder, self.prefill, self.decode) if phase)

    @property
    def ttft(self) -> float:
        """Time to first token: the prefill, which yields it, after the encoder where there is one [s]."""
        return self.prefill.time + (self.encoder.time if self.encoder else 0.0)

    @property
    def tpot(self) -> float:
        """Time per output token after the first: the mean decode step [s]."""
        return self.decode.time

    @property
    def latency(self) -> float:
        """Time of a whole request: prefill and decode steps [s]."""
        return self.ttft + self.scenario.workload.decode_steps * self.tpot

    @property
    def tokens_per_s(self) -> float:
        """Output tokens of the whole batch for each second of the latency [1/s]."""
        work = self.scenario.workload
        return work.batch_size * work.output_tokens / self.latency

    @property
    def takeaway(self) -> str:
        """The finding in one sentence, made from the numbers."""
        return takeaway(self)

    def __repr__(self) -> str:
        """Return a short table and the sentence."""
        rows = [f"{'':>9}{'time':>10}{'FLOP':>12}{'bytes':>10}  bound"]
        for phase in self.phases:
            share = phase.memory_bound_share if phase.bound == "memory" else 1 - phase.memory_bound_share
            rows.append(
                f"{phase.name:>9}{quantity(phase.time, 's'):>10}{quantity(phase.flops, 'FLOP'):>12}"
                f"{quantity(phase.bytes, 'B'):>10}  {phase.bound} ({percent(share)} of the time)"
            )
        return "\n".join([*rows, self.takeaway])
