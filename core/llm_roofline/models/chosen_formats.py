"""Stacks in other formats than their checkpoint's: chosen by kind, or made narrower."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ..formats import WEIGHTS, formats, summed
from .element_bytes import kind_of, nominal
from .model import Restructured

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..formats import FormatShare, Precision
    from .model import Stack

KINDS = (*WEIGHTS, "head")


@lru_cache(maxsize=512)
def in_formats(stack: Stack, precision: Precision) -> Stack:
    """A stack whose operators keep formats of their own only where nobody has chosen others for their kind.

    Parameters
    ----------
    stack : Stack
        The layers.
    precision : Precision
        Formats of a scenario.
    """
    own = stack.precision
    kept = {kind for kind in KINDS if own.of(kind) == precision.of(kind)}
    if not stack.formats or (len(kept) == len(KINDS) and own.activations == precision.activations):
        return stack

    def chosen(kind: str, share: FormatShare) -> FormatShare:
        if kind not in kept:
            return nominal(kind, precision)[0]._replace(share=share.share)
        multiplied = kind != "head" and own.activations != precision.activations
        return share._replace(activations=precision.activations) if multiplied else share

    return _changed(stack, chosen)


@lru_cache(maxsize=512)
def narrowed(stack: Stack, kinds: frozenset[str], name: str) -> Stack:
    """A stack of whose operators those of some kinds have no format that is wider than one.

    Parameters
    ----------
    stack : Stack
        The layers.
    kinds : frozenset of str
        Fields of a precision.
    name : str
        The format.
    """
    bits = formats[name].bits

    def narrow(kind: str, share: FormatShare) -> FormatShare:
        if kind in kinds and formats[share.weights].bits > bits:
            share = share._replace(weights=name)
        if kind != "head" and "activations" in kinds and formats[share.activations].bits > bits:
            share = share._replace(activations=name)
        return share

    concerned = not kinds.isdisjoint((*KINDS, "activations"))
    return _changed(stack, narrow) if stack.formats and concerned else stack


def _changed(stack: Stack, change: Callable[[str, FormatShare], FormatShare]) -> Stack:
    """The stack with the formats of every operator changed."""
    changed = {}
    for block, operator in stack.origin.operators():
        if kind := kind_of(operator):
            key = block.name, operator.name
            changed[key] = summed(
                change(kind, share) for share in stack.formats.get(key, nominal(kind, stack.precision))
            )
    return Restructured(stack.blocks, stack.origin, changed)
