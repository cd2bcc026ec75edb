"""Notes: what a reader should know of an estimate beside its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .formats import formats
from .roofline import stored_formats
from .units import percent, quantity

if TYPE_CHECKING:
    from .scenario import Scenario


def stored_note(scenario: Scenario) -> tuple[str, ...]:
    """What the checkpoint stores beside what its parameters would take, in one sentence; none without a checkpoint."""
    model = scenario.model
    if model.stored is None:
        return ()
    if scenario.precision != model.precision:
        return ("The chosen formats are not those of the checkpoint; its stored bytes are not used.",)
    named = stored_formats(model.precision, scenario.conventions)
    nominal = sum(count * formats[named[kind]].bytes_per_element() for kind, count in model.parameters_by_kind.items())
    total, rest = model.stored.total, sum(model.stored.unmatched.values())
    taken = f"what its parameters take at {model.precision.weights} ({quantity(nominal, 'B')})"
    apart = f"; {quantity(rest, 'B')} of it belong to no operator that is counted" if rest else ""
    if total == nominal:
        return (f"The checkpoint stores exactly {taken}{apart}.",)
    more = "more" if total > nominal else "less"
    share = percent(abs(total / nominal - 1))
    return (f"The checkpoint stores {quantity(total, 'B')}, {share} {more} than {taken}{apart}.",)
