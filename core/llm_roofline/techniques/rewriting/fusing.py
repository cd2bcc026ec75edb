"""How operators of a layer become one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...operators import Epilogue, SharedInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ...operators import Operator


def shared_input(operators: Sequence[Operator], names: Iterable[str], fused: str) -> tuple[Operator, ...]:
    """Operators that read the same, as one that reads it once.

    Parameters
    ----------
    operators : sequence of Operator
        One layer, in forward order.
    names : iterable of str
        Which of them become one, in forward order.
    fused : str
        Its name.
    """
    first, *others = names
    parts = tuple(op for op in operators if op.name in {first, *others})
    one = SharedInput(fused, parts[0].inputs, parts)
    return _replaced(operators, {part.name: one for part in parts}, first)


def epilogue(operators: Sequence[Operator], first: str, second: str) -> tuple[Operator, ...]:
    """An operator and one that reads its result, as one; the result is written where somebody else reads it.

    Parameters
    ----------
    operators : sequence of Operator
        One layer, in forward order.
    first, second : str
        Their names.
    """
    parts = tuple(op for op in operators if op.name in {first, second})
    read_elsewhere = any(first in op.inputs for op in operators if op.name != second) or operators[-1].name == first
    inputs = tuple(dict.fromkeys((*parts[0].inputs, *(source for source in parts[1].inputs if source != first))))
    one = Epilogue(f"{first}+{second}", inputs, parts, read_elsewhere)
    return _replaced(operators, {first: one, second: one}, second)


def _replaced(operators: Sequence[Operator], replacements: Mapping[str, Operator], place: str) -> tuple[Operator, ...]:
    """The layer with what was fused in the place of one of its parts."""
    names = {part: one.name for part, one in replacements.items()}
    rows = []
    for operator in operators:
        if operator.name in replacements and operator.name != place:
            continue
        if operator.name == place:
            rows.append(replacements[place])
            continue
        inputs = tuple(dict.fromkeys(names.get(source, source) for source in operator.inputs))
        rows.append(operator if inputs == operator.inputs else replace(operator, inputs=inputs))
    return tuple(rows)
