"""Notes: what a reader should know of an estimate beside its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..basics import percent, quantity
from ..formats import DENSE
from ..roofline import parameter_bytes
from .stored_words import weight_words

if TYPE_CHECKING:
    from ..serving import Plan


def stored_note(plan: Plan) -> tuple[str, ...]:
    """What the checkpoint stores beside what its parameters would take, in one sentence; none without a checkpoint."""
    model, run = plan.model, plan.decode
    if model.stored is None:
        return ()
    if run.precision != model.precision or run.sparsity != DENSE:
        return ("The chosen formats are not those of the checkpoint; its stored bytes are not used.",)
    nominal = sum(
        nbytes
        for stack in model.stacks
        for nbytes in parameter_bytes(stack, model.precision, run.conventions, DENSE).values()
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


def format_notes(plan: Plan) -> tuple[str, ...]:
    """What is to know of the formats that the configuration states; none where others were chosen."""
    several = [f"{label} {words}" for label, words in weight_words(plan.decode).items()]
    told = (f"Weights are stored in several formats: {'; '.join(several)}.",) if several else ()
    model = plan.model
    return (*told, *(model.format_notes if plan.decode.precision == model.precision else ()))


def _listed(names: list[str], most: int = 3) -> str:
    """Some names, and how many more there are."""
    distinct = list(dict.fromkeys(names))
    rest = len(distinct) - most
    return ", ".join(distinct[:most]) + (f" and {rest} more operators" if rest > 0 else "")
