"""What techniques make of a stack of layers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ...models import Restructured

if TYPE_CHECKING:
    from ...models import Stack
    from ..base import Technique


@lru_cache(maxsize=512)
def restructured(stack: Stack, techniques: tuple[Technique, ...]) -> Stack:
    """The layers that run when techniques have been applied; the stack itself where none changes them.

    Parameters
    ----------
    stack : Stack
        The layers as the configuration has them.
    techniques : tuple of Technique
        In the order in which they are applied.
    """
    blocks = stack.blocks
    for technique in techniques:
        blocks = technique.layers(blocks)
    return stack if blocks is stack.blocks else Restructured(blocks, stack)
