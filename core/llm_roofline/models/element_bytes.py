"""What single operators store otherwise than their kind: as a configuration states, and as headers say."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ..formats import WEIGHTS, WIDE, FormatShare, summed
from ..operators import Derived, Embedding, Fused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..formats import Precision
    from ..operators import Operator
    from .model import Stack

    Key = tuple[str, str]

FACTOR = ".low_rank"
"""What the name of the inner factor of a factorised matrix ends with."""
T = TypeVar("T")


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
    found: dict[Key, float] = {}
    for block, operator in stack.origin.operators():
        elements = block.layers * sum(operator.parameters.values())
        taken = stack.stored.by_operator.get((block.name, operator.name))
        if elements and taken is not None:
            found[block.name, operator.name] = taken / elements
    found = _with_tied(stack, found)
    for key, parts in _fused(stack):
        sizes = {(key[0], part.name): n for part in parts if (n := sum(part.parameters.values()))}
        if sizes and found.keys() >= sizes.keys():
            found[key] = sum(n * found[name] for name, n in sizes.items()) / sum(sizes.values())
    return found


def stored_shares(stack: Stack) -> dict[tuple[str, str], tuple[FormatShare, ...]]:
    """Formats of the operators that are stored otherwise than their kind, by names of block and operator.

    Where several run as one and any is stored otherwise, the formats of all of them.

    Parameters
    ----------
    stack : Stack
        The layers.
    """
    if not stack.formats:
        return {}
    found = _with_tied(stack, dict(stack.formats))
    for key, parts in _fused(stack):
        if any((key[0], part.name) in found for part in parts):
            found[key] = summed(share for part in parts for share in _elements(stack, key[0], part, found))
    factors = ((block.name, operator.name) for block, operator in stack.operators() if operator.name.endswith(FACTOR))
    whole = {(block, name): (block, name.removesuffix(FACTOR)) for block, name in factors}
    return found | {key: found[of] for key, of in whole.items() if of in found}


def kind_of(operator: Operator) -> str:
    """Storage kind of an operator's weights; empty where quantisers leave them alone, or there are none.

    Parameters
    ----------
    operator : Operator
        The operator.
    """
    return next((kind for kind, count in operator.parameters.items() if count and kind in (*WEIGHTS, "head")), "")


def nominal(kind: str, precision: Precision) -> tuple[FormatShare, ...]:
    """Formats that an operator has by its kind.

    Parameters
    ----------
    kind : str
        Storage kind of its weights.
    precision : Precision
        Formats by kind.
    """
    return (FormatShare(1.0, precision.of(kind), WIDE if kind == "head" else precision.activations),)


def _elements(
    stack: Stack, block: str, part: Operator, found: Mapping[Key, tuple[FormatShare, ...]]
) -> list[FormatShare]:
    """Elements of an operator by their formats."""
    kind = kind_of(part)
    if not kind:
        return []
    shares = found.get((block, part.name), nominal(kind, stack.precision))
    return [share._replace(share=share.share * part.parameters[kind]) for share in shares]


def _with_tied(stack: Stack, found: dict[Key, T]) -> dict[Key, T]:
    """What is found, with the tied operators, which read the table that another one stores."""
    rows = list(stack.origin.operators())
    table = next(((b.name, o.name) for b, o in rows if isinstance(o, Embedding) and not o.tied), None)
    if table not in found:
        return found
    return found | {(b.name, o.name): found[table] for b, o in rows if getattr(o, "tied", False)}


def _fused(stack: Stack) -> list[tuple[Key, tuple[Operator, ...]]]:
    """Operators that run several as one, with these."""
    rows = (((block.name, operator.name), _parts(operator)) for block, operator in stack.operators())
    return [(key, parts) for key, parts in rows if len(parts) > 1]


def _parts(operator: Operator) -> tuple[Operator, ...]:
    """The operators with parameters that run as one; itself, mostly."""
    if isinstance(operator, Derived):
        return _parts(operator.whole)
    if isinstance(operator, Fused):
        return tuple(inner for part in operator.parts for inner in _parts(part))
    return (operator,)
