"""The plan: what runs when the techniques of a scenario have been applied.

A scenario says what is asked; its plan says which layers run on which machine in which formats, and on what schedule.
It depends on no workload, and is made once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..devices import Machine
from ..formats import DENSE, Sparsity
from ..models import narrowed, stored_element_bytes
from ..roofline import compiled, rates
from .schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..formats import Conventions, Precision
    from ..models import Model, Stack
    from ..roofline import Compiled, Rates


@dataclass(frozen=True, eq=False)
class Run:
    """Layers that the passes of a phase run, with their machine and formats.

    Parameters
    ----------
    stack : Stack
        The layers, on one device of several.
    machine : Machine
        What they run on.
    precision : Precision
        In which formats.
    conventions : Conventions
        How they are counted.
    sparsity : Sparsity
        Share of the weights that is stored, and how it is laid out.
    """

    stack: Stack
    machine: Machine
    precision: Precision
    conventions: Conventions
    sparsity: Sparsity = DENSE

    @cached_property
    def structure(self) -> Compiled:
        """The layers as columns."""
        return compiled(self.stack, self.conventions)

    @cached_property
    def stored_sizes(self) -> dict[tuple[str, str], float]:
        """Bytes of a stored element by names of block and operator, as the headers of a checkpoint say [byte].

        Empty where there are none, or where the formats are others than the checkpoint's.
        """
        holds = self.precision == self.stack.precision and self.sparsity == DENSE
        return stored_element_bytes(self.stack) if holds else {}

    @cached_property
    def rates(self) -> Rates:
        """Their peaks, bandwidths and bytes an element on this machine in these formats."""
        return rates(self.structure, self.machine, self.precision, self.conventions, self.sparsity)

    def narrowed(self, kinds: Iterable[str], name: str) -> Run:
        """The same run, formats of some kinds in a narrower one; what is as narrow already stays.

        Parameters
        ----------
        kinds : iterable of str
            Fields of a precision.
        name : str
            The format.
        """
        kinds = frozenset(kinds)
        stack, precision = narrowed(self.stack, kinds, name), self.precision.narrowed(kinds, name)
        return replace(self, stack=stack, precision=precision)


@dataclass(frozen=True)
class Allocation:
    """How the cache of a sequence is allocated.

    Parameters
    ----------
    block_tokens : int
        Tokens that it is allocated for at a time [token].
    reserved_tokens : int
        Tokens that it is allocated for at least [token].
    """

    block_tokens: int = 1
    reserved_tokens: int = 0

    def tokens(self, tokens: int) -> int:
        """Tokens that the cache of a sequence is allocated for [token].

        Parameters
        ----------
        tokens : int
            Tokens that it holds [token].
        """
        held = -(-tokens // self.block_tokens) * self.block_tokens
        return max(held, self.reserved_tokens) if self.reserved_tokens else held


def _unchanged(stack: Stack) -> Stack:
    return stack


@dataclass(frozen=True, eq=False)
class Plan:
    """Runs of all phases, with schedule and allocation: what is evaluated.

    Parameters
    ----------
    model : Model
        The model whose passes these are.
    prefill, decode : Run
        What the two phases run; one object where they run the same.
    encoder, vision, draft : Run or None
        What towers and a draft model run.
    schedule : Schedule
        How requests become passes.
    allocation : Allocation
        How caches are allocated.
    draft_prefill : Run or None
        What the draft model reads the prompt with; one object with ``draft`` where it runs the same.
    drafter : Model or None
        The draft model as its configuration has it.
    draft_copies : int
        Sets of the draft's weights and caches in memory, of which a pass runs one [1].
    devices : int
        Devices in all [1].
    engine : callable
        Returns the layers of any stack as the serving engine runs them.
    notes : tuple of str
        What a reader should know of the techniques' work.
    """

    model: Model
    prefill: Run
    decode: Run
    encoder: Run | None = None
    vision: Run | None = None
    draft: Run | None = None
    draft_prefill: Run | None = None
    schedule: Schedule = field(default_factory=Schedule)
    allocation: Allocation = field(default_factory=Allocation)
    drafter: Model | None = None
    draft_copies: int = 1
    devices: int = 1
    engine: Callable[[Stack], Stack] = _unchanged
    notes: tuple[str, ...] = ()

    def with_runs(self, change: Callable[[Run], Run]) -> Plan:
        """The plan with every run changed.

        Parameters
        ----------
        change : callable
            Returns the run that is there instead.
        """
        changed = {run: change(run) for run in self.runs}
        names = ("prefill", "decode", "encoder", "vision", "draft", "draft_prefill")
        runs: dict[str, Any] = {name: run and changed[run] for name in names for run in (getattr(self, name),)}
        return replace(self, **runs)

    def with_schedule(self, **changes: object) -> Plan:
        """The plan with fields of its schedule changed.

        Parameters
        ----------
        **changes
            Values by field of :class:`Schedule`.
        """
        return replace(self, schedule=replace(self.schedule, **changes))  # type: ignore[arg-type]  # of its own fields

    @cached_property
    def all_notes(self) -> tuple[str, ...]:
        """Notes on devices and formats, and of the techniques."""
        return (*dict.fromkeys(note for run in self.runs for note in run.rates.notes), *self.notes)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs that differ."""
        named = (self.prefill, self.decode, self.encoder, self.vision, self.draft, self.draft_prefill)
        return tuple(dict.fromkeys(run for run in named if run))

    @property
    def resident(self) -> tuple[Run, ...]:
        """The runs whose weights lie in the memory of the device that decodes."""
        named = (self.decode, self.encoder, self.vision, self.draft)
        return tuple(run for run in named if run)
