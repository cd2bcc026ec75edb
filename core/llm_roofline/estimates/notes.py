"""Notes: what a reader should know of an estimate beside its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..basics import percent, quantity
from ..formats import DENSE
from ..roofline import element_sizes
from .stored_words import weight_words

if TYPE_CHECKING:
    from ..models import StoredBytes
    from ..serving import Plan


def stored_note(plan: Plan) -> tuple[str, ...]:
    """What the checkpoint stores beside what its parameters would take, in one sentence; none without a checkpoint."""
    model, run = plan.model, plan.decode
    if model.stored is None:
        return ()
    if run.precision != model.precision or run.sparsity != DENSE:
        return ("The chosen formats are not those of the checkpoint; its stored bytes are not used.",)
    stored, format_of = model.stored, model.precision.weights
    missing = [name for stack in model.stacks if stack.stored for _, name in stack.stored.missing]
    if stored.is_index:
        size = quantity(stored.total, "B") if stored.total else "no size that can be"
        said = f"The index says {size}, and the files that it names are not there"
        return (f"{said}; {_listed(missing)} are counted at {format_of} ({quantity(_nominal(plan), 'B')}).",)
    taken, found = _nominal(plan, found=True), sum(_found(stack.stored) for stack in model.stacks if stack.stored)
    said = f"what its parameters take at {format_of} ({quantity(taken, 'B')})"
    if not taken:
        said = "no operator whole"
    elif found != taken:
        share = f"{percent(abs(found / taken - 1))} {'more' if found > taken else 'less'}"
        said = f"{quantity(found, 'B')}, {share} than {said}"
    else:
        said = f"exactly {said}"
    predicting = stored.towers.get("predictor")
    if predicting and _found(predicting):
        said += f"; {quantity(_found(predicting), 'B')} beside it are of layers that predict further tokens"
    if rest := sum(stored.unmatched.values()):
        said += f"; {quantity(rest, 'B')} of it belong to no operator that is counted, and are left out"
    if missing:
        said += f"; it does not say what {_listed(missing)} take, which are counted at that format"
    return (f"The checkpoint stores {said}.",)


def _found(stored: StoredBytes) -> float:
    """Bytes that operators of a stack have in the headers [byte]."""
    return sum(stored.by_operator.values())


def _nominal(plan: Plan, *, found: bool = False) -> float:
    """Bytes of the parameters in the formats of the checkpoint, of all operators or of those that were found [byte]."""
    total = 0.0
    for stack in plan.model.stacks:
        size = element_sizes(stack, plan.model.precision, plan.decode.conventions, DENSE)
        for block, operator in stack.operators():
            if not found or (stack.stored and (block.name, operator.name) in stack.stored.by_operator):
                kinds = operator.parameters.items()
                total += block.layers * sum(count * size(block.name, operator, kind) for kind, count in kinds)
    return total


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


def format_note(plan: Plan) -> tuple[str, ...]:
    """In which formats weights are stored, in one sentence; none where each kind of them has one."""
    several = [f"{label} {words}" for label, words in weight_words(plan.decode).items()]
    return (f"Weights are stored in several formats: {'; '.join(several)}.",) if several else ()


def _listed(names: list[str], most: int = 3) -> str:
    """Some names, and how many more there are."""
    distinct = list(dict.fromkeys(names))
    rest = len(distinct) - most
    return ", ".join(distinct[:most]) + (f" and {rest} more operators" if rest > 0 else "")
