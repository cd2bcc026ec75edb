"""Bytes of an element: by its storage kind, and of operators that are stored otherwise."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ..formats import DENSE, FormatShare, formats
from ..models import kind_of, stored_shares
from .peaks import stored_formats

if TYPE_CHECKING:
    from ..formats import Conventions, Precision, Sparsity
    from ..models import Stack


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
    by_kind = bytes_by_kind(precision, conventions, sparsity)
    total = {kind: count * by_kind[kind] for kind, count in stack.parameters_by_kind.items()}
    shares = stored_shares(stack)
    for block, operator in stack.operators() if shares else ():
        kind, own = kind_of(operator), shares.get((block.name, operator.name))
        if kind and own and (kind != "head" or conventions.head_precision):
            elements = block.layers * operator.parameters[kind]
            total[kind] += elements * (weight_bytes(own, kind, conventions, sparsity) - by_kind[kind])
    return total
