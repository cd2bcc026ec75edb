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
            own = {HIDDEN: None} if earlier else {}  # the first block has none before it whose result it could read
            own |= dict.fromkeys(names[:place])
            for source in operator.inputs:
                # A name of this block means this block's operator, whichever block before it has one of that name too.
                if source not in own and (source in names or source not in earlier):
                    why = "is made only after it" if source in names else "no operator before it makes"
                    near = did_you_mean(source, {**own, **earlier})
                    raise ConfigError(
                        f"{stack}: {operator.name} of block {block.name} reads {source!r}, which {why}.{near} "
                        f"{_accepted(own, earlier)}"
                    )
        earlier |= dict.fromkeys(names)


def _accepted(own: Iterable[str], earlier: Iterable[str]) -> str:
    """Sentence on what an operator may read."""
    if not (listed := ", ".join(own)):
        return "It is the first operator, which reads nothing."
    return f"Accepted are {listed}{', and operators of earlier blocks' * bool(earlier)}."
