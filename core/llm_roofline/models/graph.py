"""The graph of a stack's operators: every input is a result that has been made before it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..basics import ConfigError, did_you_mean
from ..operators import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Block


def refuse_broken_graph(stack: str, blocks: Iterable[Block]) -> None:
    """Refuse blocks of which an operator reads what no operator before it makes.

    Parameters
    ----------
    stack : str
        What they belong to, for the sentence.
    blocks : iterable of Block
        The blocks, in forward order.

    Raises
    ------
    ConfigError
        If an input is missing, or made only later; the sentence names block, operator and input.
    """
    earlier: dict[str, None] = {}
    for block in blocks:
        names = [operator.name for operator in block.operators]
        for place, operator in enumerate(block.operators):
            before = {HIDDEN: None, **dict.fromkeys(names[:place]), **earlier}
            for source in operator.inputs:
                if source not in before:
                    why = "is made only after it" if source in names else "no operator makes"
                    near = did_you_mean(source, before)
                    raise ConfigError(
                        f"{stack}: {operator.name} of block {block.name} reads {source!r}, which {why}.{near} "
                        f"Accepted are {HIDDEN!r} and the operators before it: {', '.join(names[:place]) or 'none'}."
                    )
        earlier |= dict.fromkeys(names)
