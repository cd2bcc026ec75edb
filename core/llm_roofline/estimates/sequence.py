"""Memory of one sequence, by the passes that run it alone; no batch is in it."""

from __future__ import annotations

from functools import lru_cache, reduce
from typing import TYPE_CHECKING, NamedTuple

from ..basics import Numbers, largest
from ..operators import Step, stacked
from ..operators.counts import values_of
from ..serving import decode_passes, first_context, prefill_passes, tower_pass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..roofline import Rates
    from ..serving import Plan, Run, Schedule


class Sequence(NamedTuple):
    """Memory that one request takes [byte].

    Parameters
    ----------
    kept : float
        Its keys, values and states at its longest context.
    shared : float
        What of these all sequences have in common.
    read, written : float
        Largest set of results that are alive at once in a prefill pass and in a decode pass, which writes all parts.
    """

    kept: float
    shared: float
    read: float
    written: float

    def beside(self, other: Sequence) -> Sequence:
        """Memory of one sequence in two models whose passes follow each other [byte].

        Parameters
        ----------
        other : Sequence
            What it takes of the second model.
        """
        read, written = max(self.read, other.read), max(self.written, other.written)
        return Sequence(self.kept + other.kept, self.shared + other.shared, read, written)


def sequence(plan: Plan, prompt: Numbers, output: Numbers) -> Sequence:
    """Memory of one sequence under a plan [byte].

    Parameters
    ----------
    plan : Plan
        What runs.
    prompt, output : int or ndarray
        Tokens of its prompt and of its output, shape ``(*sweep)`` [token].
    """
    return _known(plan, prompt, output) if isinstance(prompt, int) else _sequence(plan, prompt, output)


def _sequence(plan: Plan, prompt: Numbers, output: Numbers) -> Sequence:
    model, schedule, query = plan.model, plan.schedule, plan.schedule.query_tokens
    single, first = prompt * 0 + 1, first_context(model, prompt)
    longest = first + (output + query - 1 if plan.decode.conventions.output_memory else 0)
    read = prefill_passes(model, prompt, schedule, single, _fullest(plan.prefill, schedule, prompt))
    last = [plan.allocation.tokens(longest), plan.allocation.tokens(schedule.cached_tokens) + 0 * first]
    sequence = _of_passes(
        plan, plan.prefill.rates, plan.decode.rates, read, decode_passes(model, prompt, last, query, single)
    )
    for tower, run, tokens in ((model.encoder, plan.encoder, prompt), (model.vision, plan.vision, None)):
        if tower and run:
            alive = _held(run.rates, [tower_pass(tokens if tower is model.encoder else tower.tokens, single)])[0][0]
            sequence = sequence._replace(read=largest(sequence.read, alive))
    if plan.draft and plan.draft_prefill:
        drafted = schedule.draft_tokens
        last = [plan.allocation.tokens(n) for n in (prompt + sum(drafted) + output - 1, schedule.cached_tokens)]
        read = prefill_passes(model, prompt, schedule, single, _fullest(plan.draft_prefill, schedule, prompt))
        final = decode_passes(model, prompt, last, max(drafted), single)
        drafting = _of_passes(plan, plan.draft_prefill.rates, plan.draft.rates, read, final)
        sequence = sequence.beside(drafting._replace(kept=plan.draft_copies * drafting.kept))
    return sequence._replace(written=sequence.written * schedule.parts(output - 1))


def _fullest(run: Run, schedule: Schedule, prompt: Numbers) -> Iterable[int] | None:
    """Places of the chunks of a prompt among which the one is with the largest results [1].

    Of chunks of the same length these grow with the context up to the next bend, where operators may take another way;
    the last chunk may be shorter.
    """
    if not schedule.chunk_tokens:
        return None
    past, chunk, last = schedule.cached_tokens, schedule.chunk_tokens, schedule.chunks(prompt) - 1
    bends = run.structure.bends(past + chunk, past + last * chunk, chunk)
    return {max(last - 1, 0), last, *((bend - past) // chunk - 1 for bend in bends)}


_known = lru_cache(maxsize=1024)(_sequence)


def _of_passes(
    plan: Plan, reading: Rates, writing: Rates, read: list[Step[Numbers]], last: list[Step[Numbers]]
) -> Sequence:
    """Memory of a sequence in the passes of its prefill and in its last decode pass [byte].

    The second of the decode passes has the tokens that are cached alone.
    """
    before, (alive, kept, cached) = _held(reading, read)[0], _held(writing, last)
    shared = cached[1] if plan.schedule.cached_tokens else 0.0
    return Sequence(kept=kept[0], shared=shared, read=reduce(largest, before), written=alive[0])


def _held(rates: Rates, steps: list[Step[Numbers]]) -> Numbers:
    """Bytes that are alive at once, kept and cached, for each of some passes [byte]."""
    held = rates.held(values_of(stacked(steps), rates.structure.counts))
    return held.tolist() if held.ndim == 2 else held  # noqa: PLR2004 - of one sequence, Python's own numbers
