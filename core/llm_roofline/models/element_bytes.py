"""Bytes of a stored element of each operator, as the headers of a checkpoint say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..operators import Derived, Embedding, Fused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..operators import Operator
    from .model import Stack


def stored_element_bytes(stack: Stack) -> dict[tuple[str, str], float]:
    """Bytes of a stored element by names of block and operator [byte]; what no header says is absent.

    They are those of the layers as the checkpoint has them, whatever techniques make of these; where several run as
    one, the mean over what they store.

    Parameters
    ----------
    stack : Stack
        The layers.
    """
    if not stack.stored:
        return {}
    rows = list(stack.origin.operators())
    found = {}
    for block, operator in rows:
        elements = block.layers * sum(operator.parameters.values())
        taken = stack.stored.by_operator.get((block.name, operator.name))
        if elements and taken is not None:
            found[block.name, operator.name] = taken / elements
    table = next(((b.name, o.name) for b, o in rows if isinstance(o, Embedding) and not o.tied), None)
    if table in found:  # a tied operator reads the table that another one stores
        found |= {(b.name, o.name): found[table] for b, o in rows if getattr(o, "tied", False)}
    return found | {
        (block.name, operator.name): mean
        for block, operator in stack.operators()
        if len(parts := _parts(operator)) > 1 and (mean := _mean(block.name, parts, found)) is not None
    }


def _parts(operator: Operator) -> tuple[Operator, ...]:
    """The operators with parameters that run as one; itself, mostly."""
    if isinstance(operator, Derived):
        return _parts(operator.whole)
    if isinstance(operator, Fused):
        return tuple(inner for part in operator.parts for inner in _parts(part))
    return (operator,)


def _mean(block: str, parts: tuple[Operator, ...], found: Mapping[tuple[str, str], float]) -> float | None:
    """Bytes of an element of several operators [byte]; None where that of one is unknown."""
    elements = {(block, part.name): n for part in parts if (n := sum(part.parameters.values()))}
    if not elements or not found.keys() >= elements.keys():
        return None
    return sum(n * found[name] for name, n in elements.items()) / sum(elements.values())
