"""Sentences made from the numbers of an estimate; the board, the command line and ``repr`` share them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..basics import percent, quantity, significant

if TYPE_CHECKING:
    from ..serving import Times
    from .memory import Memory
    from .phase import Phase
    from .scenario import Scenario


RESOURCES = {"memory": "memory bandwidth", "compute": "compute", "link": "a link"}
"""The resource that an operator waits for, by its bound."""


class Answer(NamedTuple):
    """The numbers that a sentence about an estimate is made of.

    Parameters
    ----------
    scenario : Scenario
        What was asked.
    times : Times
        What users see.
    memory : Memory
        Memory at the longest context.
    prefill, decode : Phase
        Both phases.
    encoder : Phase or None
        The pass of an encoder.
    """

    scenario: Scenario
    times: Times
    memory: Memory
    prefill: Phase
    decode: Phase
    encoder: Phase | None


def takeaway(answer: Answer) -> str:
    """Whether a scenario fits, its speed and what binds it where it does, and what it lacks where not, in one sentence.

    Parameters
    ----------
    answer : Answer
        The numbers.
    """
    scenario, memory = answer.scenario, answer.memory
    asked = f"{scenario.model.name} on {scenario.hardware.title}, batch {scenario.workload.batch_size:,}"
    if not memory.fits:
        return f"{asked}: does not fit: {_used(memory)}; it {shortage(memory)}."
    return f"{asked}: {_speed(answer)}; and it fits: {_used(memory)}."


def binding(phase: Phase) -> str:
    """The bound of a phase and the operator that takes most of its time, in one sentence.

    Parameters
    ----------
    phase : Phase
        The phase.
    """
    table = phase.operators
    leader = int(table.time.argmax())
    share, resource = phase.bound_shares[phase.bound], RESOURCES[phase.bound]
    return (
        f"{phase.name.capitalize()} is bound by {resource} for {percent(share)} of its {quantity(phase.time, 's')}; "
        f"{table.name[leader]} takes the most, {percent(float(table.share[leader]))}."
    )


def verdict(memory: Memory) -> str:
    """Whether it fits, and the largest batch that does, in one sentence.

    Parameters
    ----------
    memory : Memory
        Memory at the longest context.
    """
    used, largest = _used(memory), f"the largest batch that fits is {memory.largest_batch:,}."
    if memory.fits:
        return f"Fits: {used}; {largest}"
    lacks = f"It {shortage(memory)}."
    if memory.largest_batch:
        return f"Does not fit: {used}; {largest} {lacks}"
    if memory.weight_bytes > memory.usable_bytes:
        weights, usable = quantity(memory.weight_bytes, "B"), quantity(memory.usable_bytes, "B")
        return f"Does not fit: the weights alone take {weights}, more than the usable {usable}. {lacks}"
    return f"Does not fit: {used}, and a batch of one is too large as well. {lacks}"


def shortage(memory: Memory) -> str:
    """What would hold a scenario that does not fit, such as ``"needs at least 81 devices"``; empty where it fits.

    Parameters
    ----------
    memory : Memory
        Memory at the longest context.
    """
    return "" if memory.fits else f"needs at least {memory.devices_needed:,} devices"


def _speed(answer: Answer) -> str:
    """The times of a scenario in words, of a model that denoises, that reads a source, or that reads a prompt."""
    e, times, steps = answer, answer.times, answer.scenario.workload.output_tokens
    if not e.scenario.model.paradigm.grows:
        each = f"{quantity(times.tpot, 's')} each ({e.decode.bound}-bound)"
        return f"{steps:,} denoising step{'s' * (steps > 1)}, {each}, {quantity(times.latency, 's')} together"
    read = f"{e.prefill.bound}-bound prefill"
    if e.encoder:
        read = f"{quantity(e.encoder.time, 's')} of it in the {e.encoder.bound}-bound encoder"
    return (
        f"first token after {quantity(times.ttft, 's')} ({read}), "
        f"then {quantity(times.tpot, 's')} a token ({e.decode.bound}-bound decode), "
        f"{significant(times.tokens_per_s)} tokens/s"
    )


def _used(memory: Memory) -> str:
    return f"{quantity(memory.total_bytes, 'B')} of {quantity(memory.capacity_bytes, 'B')}"
