"""Bytes of an element: by its storage kind, and of operators that are stored otherwise."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ..formats import DENSE, FormatShare, formats
from ..models import kind_of, stored_shares
from .peaks import stored_formats

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..formats import Conventions, Precision, Sparsity
    from ..models import Stack
    from ..operators import Operator


def bytes_by_kind(precision: Precision, conventions: Conventions, sparsity: Sparsity) -> dict[str, float]:
    """Bytes of an element of each storage kind [byte].

    Parameters
    ----------
    precision : Precision
        Formats of a scenario.
    conventions : Conventions
        Whether scales count, and what has a format of its own.
    sparsity : Sparsity
        Which share of the weights is stored.
    """
    return {
        kind: sparsity.element_bytes(kind, formats[name].bytes_per_element(scales=conventions.group_scales))
        for kind, name in stored_formats(precision, conventions).items()
    }


def weight_bytes(shares: tuple[FormatShare, ...], kind: str, conventions: Conventions, sparsity: Sparsity) -> float:
    """Bytes of a weight of an operator that has formats of its own [byte].

    Parameters
    ----------
    shares : tuple of FormatShare
        Its formats.
    kind : str
        Storage kind of its weights.
    conventions : Conventions
        Whether scales count.
    sparsity : Sparsity
        Which share of the weights is stored, where the checkpoint stores them all.
    """
    return sum(
        share.share * (sparsity.element_bytes(kind, size) if share.sparsity == DENSE else size)
        for share in shares
        for size in (share.weight_bytes(scales=conventions.group_scales),)
    )


def element_sizes(
    stack: Stack, precision: Precision, conventions: Conventions, sparsity: Sparsity
) -> Callable[[str, Operator, str], float]:
    """Bytes of an element, by the name of a block, an operator of it, and the storage kind of the element [byte].

    Parameters
    ----------
    stack : Stack
        The layers.
    precision : Precision
        In which formats.
    conventions : Conventions
        How they are counted.
    sparsity : Sparsity
        Which share of the weights is stored.
    """
    by_kind, shares = bytes_by_kind(precision, conventions, sparsity), stored_shares(stack)

    def size(block: str, operator: Operator, kind: str) -> float:
        stored = shares.get((block, operator.name), ())
        if not stored or kind != kind_of(operator) or (kind == "head" and not conventions.head_precision):
            return by_kind[kind]
        return weight_bytes(stored, kind, conventions, sparsity)

    return size


@lru_cache(maxsize=1024)
def parameter_bytes(
    stack: Stack, precision: Precision, conventions: Conventions, sparsity: Sparsity
) -> dict[str, float]:
    """Bytes of the parameters of a stack, by storage kind [byte].

    Parameters
    ----------
    stack : Stack
        The layers.
    precision : Precision
        In which formats.
    conventions : Conventions
        How they are counted.
    sparsity : Sparsity
        Which share of the weights is stored.
    """
    by_kind, size = (
        bytes_by_kind(precision, conventions, sparsity),
        element_sizes(stack, precision, conventions, sparsity),
    )
    total = {kind: count * by_kind[kind] for kind, count in stack.parameters_by_kind.items()}
    for block, operator in stack.operators() if stack.formats else ():
        if kind := kind_of(operator):
            total[kind] += block.layers * operator.parameters[kind] * (size(block.name, operator, kind) - by_kind[kind])
    return total
