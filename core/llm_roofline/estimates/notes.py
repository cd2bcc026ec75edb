"""Notes: what a reader should know of an estimate beside its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..basics import percent, quantity
from ..formats import DENSE, formats
from ..roofline import stored_formats

if TYPE_CHECKING:
    from ..serving import Plan


def stored_note(plan: Plan) -> tuple[str, ...]:
    """What the checkpoint stores beside what its parameters would take, in one sentence; none without a checkpoint."""
    model, run = plan.model, plan.decode
    if model.stored is None:
        return ()
    if run.precision != model.precision or run.sparsity != DENSE:
        return ("The chosen formats are not those of the checkpoint; its stored bytes are not used.",)
    named = stored_formats(model.precision, run.conventions)
    nominal = sum(
        count * formats[named[kind]].bytes_per_element()
        for stack in model.stacks
        for kind, count in stack.parameters_by_kind.items()
    )
    total, rest = model.stored.total, sum(model.stored.unmatched.values())
    taken = f"what its parameters take at {model.precision.weights} ({quantity(nominal, 'B')})"
    apart = f"; {quantity(rest, 'B')} of it belong to no operator that is counted" if rest else ""
    missing = [name for stack in model.stacks if stack.stored for _, name in stack.stored.missing]
    apart += f"; it does not say what {_listed(missing)} take, which are counted at that format" if missing else ""
    if total == nominal:
        return (f"The checkpoint stores exactly {taken}{apart}.",)
    more = "more" if total > nominal else "less"
    share = percent(abs(total / nominal - 1))
    return (f"The checkpoint stores {quantity(total, 'B')}, {share} {more} than {taken}{apart}.",)


def states_note(plan: Plan) -> tuple[str, ...]:
    """In which format recurrent states are kept, in one sentence; none where there are none."""
    model, chosen = plan.model, plan.decode.precision.states
    if "state" not in model.kept:
        return ()
    if chosen != model.precision.states:
        return (f"States are kept in {chosen}; the code of {model.name} keeps them in {model.precision.states}.",)
    return (
        f"States are kept in {chosen}, as the code of {model.name} keeps them; the precision of states changes it.",
    )


def _listed(names: list[str], most: int = 3) -> str:
    """Some names, and how many more there are."""
    distinct = list(dict.fromkeys(names))
    rest = len(distinct) - most
    return ", ".join(distinct[:most]) + (f" and {rest} more operators" if rest > 0 else "")
