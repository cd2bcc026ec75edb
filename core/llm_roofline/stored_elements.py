"""Bytes of a stored element of each operator, as the headers of a checkpoint say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .operators import Embedding

if TYPE_CHECKING:
    from .model import Stack


def stored_element_bytes(stack: Stack) -> dict[tuple[str, str], float]:
    """Bytes of a stored element by names of block and operator [byte]; what no header says is absent.

    They are those of the layers as the checkpoint has them, whatever techniques make of these.

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
    return found
