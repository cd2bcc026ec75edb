"""Operators of a stack that store something, and the bytes that they have been given."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ..stored import StoredBytes
from .spelling import INSTEAD, pieces, spellings

if TYPE_CHECKING:
    from ..model import Block, Stack
    from .name import Name
    from .tensor import StoredTensor

WHOLE = 1 - 1e-9  # shares of a fused tensor are rounded
MOST_BEHIND = 4  # parts behind the operator's name, such as `weight.quant_state.bitsandbytes__nf4`


class _Row(NamedTuple):
    """An operator that stores something."""

    key: tuple[str, str]
    outer: tuple[str, ...]  # parts of its name before the last; first its block's, where that is no layer
    own: int  # how many of them are the operator's own
    layers: int
    size: float


Rows = dict[str, list[_Row]]  # by the last part of their names


class TensorMatcher:
    """Operators of a stack by their names, and what each has been given.

    Parameters
    ----------
    stack : Stack
        A model or a tower.
    """

    def __init__(self, stack: Stack) -> None:
        self._layers: dict[int, Rows] = {}
        self._beside: Rows = {}
        self._rows: dict[tuple[str, str], _Row] = {}
        self._bytes = Counter[tuple[str, str]]()
        self._seen: dict[tuple[str, str], Counter[int | None]] = defaultdict(Counter)
        self._known: dict[tuple[int, tuple[str, ...]], list[_Row]] = {}
        for block, numbers in stack.layer_numbers():
            rows: Rows = {} if numbers else self._beside
            self._add(block, rows, () if numbers else (block.name,))
            self._layers |= dict.fromkeys(numbers, rows)

    def _add(self, block: Block, rows: Rows, before: tuple[str, ...]) -> None:
        for operator in block.operators:
            if size := sum(operator.parameters.values()):
                *outer, last = pieces(operator.name)
                key = block.name, operator.name
                self._rows[key] = _Row(key, (*before, *outer), len(outer), block.layers, size)
                rows.setdefault(last, []).append(self._rows[key])

    def take(self, tensor: StoredTensor, name: Name) -> bool:
        """Give a tensor's bytes to the operators that it belongs to; False where it is that of none.

        Parameters
        ----------
        tensor : StoredTensor
            The tensor.
        name : Name
            Its name.
        """
        if name.layer is None:
            return self.take_beside(tensor, name)
        rows = self._layers.get(name.layer)  # None for a layer that the stack does not have
        return rows is not None and (self._give(tensor, name, rows, name.parts) or self.take_beside(tensor, name))

    def take_beside(self, tensor: StoredTensor, name: Name) -> bool:
        """The same among the blocks that are no layers.

        Parameters
        ----------
        tensor : StoredTensor
            The tensor.
        name : Name
            Its name.
        """
        return self._give(tensor, name, self._beside, (*name.before, *name.parts))

    def _give(self, tensor: StoredTensor, name: Name, rows: Rows, parts: tuple[str, ...]) -> bool:
        key = id(rows), parts
        if key not in self._known:
            self._known[key] = _owners(parts, rows)
        # A block beside the layers has its own: the one relative bias of a stack is stored in the first layer.
        owners = [row for row in self._known[key] if rows is not self._beside or (name.layer or 0) < row.layers]
        share = sum(row.size for row in owners)
        for row in owners:
            self._bytes[row.key] += tensor.nbytes * row.size / share  # type: ignore[assignment]  # of whole bytes
            self._seen[row.key][name.layer] += tensor.most_elements * row.size / share  # type: ignore[assignment]
        return bool(owners)

    def stored(self) -> StoredBytes:
        """What has been given; an operator of which a layer is not there, or not all of it, is missing."""
        whole = {key for key, seen in self._seen.items() if self._is_whole(self._rows[key], seen)}
        by_operator = {key: nbytes for key, nbytes in self._bytes.items() if key in whole}
        missing = tuple(key for key in self._rows if key not in whole)
        return StoredBytes(round(sum(self._bytes.values())), by_operator, {}, missing)

    @staticmethod
    def _is_whole(row: _Row, seen: Counter[int | None]) -> bool:
        """Whether what was given may hold every parameter of every layer."""
        there = None in seen or len(seen) >= row.layers
        return there and min(seen.values()) >= row.size * WHOLE


def _owners(parts: tuple[str, ...], rows: Rows) -> list[_Row]:
    """Operators that a tensor belongs to: the one whose name fits the most of it, or those that it fuses."""
    for names in spellings(parts):
        for end in range(len(names), max(len(names) - MOST_BEHIND - 1, 0), -1):
            outer, last = names[: end - 1], names[end - 1]
            if found := _best(outer, last, rows, parts) or [
                row for name in INSTEAD.get(last, ()) for row in _best(outer, name, rows, parts)
            ]:
                return found
    return []


def _best(outer: tuple[str, ...], name: str, rows: Rows, written: tuple[str, ...]) -> list[_Row]:
    """The row of a name whose outer parts fit best, of several the one that is spelled as written, if just one is."""
    *more, last = name.split(".")
    if last not in rows:
        return []
    before = (*outer, *more)
    ranked = [(common, row) for row in rows[last] if (common := _common(before, row.outer)) >= row.own]
    best = max((common for common, _ in ranked), default=0)
    found = [row for common, row in ranked if common == best]
    if len(found) > 1:
        found = [row for row in found if row.key[1].rpartition(".")[2] in written]
    return found if len(found) == 1 else []


def _common(parts: tuple[str, ...], own: tuple[str, ...]) -> int:
    """How many parts two names share, from their ends; numbers of experts stand between none of them [1]."""
    place = len(parts)
    for count, piece in enumerate(reversed(own)):
        place -= 1
        while place > 0 and parts[place].isdecimal() and not piece.isdecimal():
            place -= 1
        if place < 0 or parts[place] != piece:
            return count
    return len(own)
