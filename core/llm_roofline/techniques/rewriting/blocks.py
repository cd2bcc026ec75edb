"""How a technique goes over the layers of a stack."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...operators import Derived

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...models import Block
    from ...operators import Operator


def each_operator(blocks: tuple[Block, ...], change: Callable[[Operator], Operator]) -> tuple[Block, ...]:
    """The layers with every operator changed on its own; the very same where none is.

    Parameters
    ----------
    blocks : tuple of Block
        The layers.
    change : callable
        Returns the operator that runs instead, or the same.
    """
    return each_block(blocks, lambda operators: tuple(map(change, operators)))


def each_kernel(blocks: tuple[Block, ...], change: Callable[[Operator], Operator]) -> tuple[Block, ...]:
    """The layers with every operator changed on its own, also within one that is derived from it.

    Parameters
    ----------
    blocks : tuple of Block
        The layers.
    change : callable
        Returns the operator that runs instead, or the same.
    """

    def within(operator: Operator) -> Operator:
        if not isinstance(operator, Derived):
            return change(operator)
        changed = within(operator.whole)
        return operator if changed is operator.whole else replace(operator, whole=changed)

    return each_operator(blocks, within)


def each_block(
    blocks: tuple[Block, ...], change: Callable[[tuple[Operator, ...]], tuple[Operator, ...]]
) -> tuple[Block, ...]:
    """The layers with the operators of each block changed together; the very same where none is.

    Parameters
    ----------
    blocks : tuple of Block
        The layers.
    change : callable
        Returns the operators of one layer that run instead, or the same.
    """
    changed = tuple(replace(block, operators=change(block.operators)) for block in blocks)
    return blocks if changed == blocks else changed
