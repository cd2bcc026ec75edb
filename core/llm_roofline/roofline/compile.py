"""Compilation: a stack of layers and the conventions become columns of coefficients, once.

Every column of an operator's cost is linear in the counts of a step, so the structure is a matrix
``(column, op, count)`` and an evaluation is one product with the counts. Layers, with what techniques made of them, and
conventions are structural: another of them is another matrix.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ..formats import WEIGHTS
from ..models import stored_element_bytes, stored_shares
from ..operators import COLUMNS, HIDDEN
from ..operators.counts import values_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..formats import Conventions, FormatShare, Precision
    from ..models import Block, Stack
    from ..operators import Cost, Operator, Step
    from ..operators.counts import Count


@dataclass(frozen=True, eq=False)
class Compiled:
    """Structure of a stack under its conventions.

    Parameters
    ----------
    names, blocks, kinds : tuple of str
        One an operator, in forward order; a name that several blocks have, such as layers with and without a window,
        says its block.
    layers : ndarray
        Layers that run each operator, shape ``(op,)`` [1].
    costs : tuple of Cost
        The coefficients as the operators gave them.
    inputs : tuple of tuple of int
        Positions of the operators whose results each one reads [1].
    counts : tuple of Count
        The counts of a step that the coefficients belong to.
    coefficients : ndarray
        Cost of one layer, shape ``(column, op, count)`` [FLOP, 1 or s].
    stored : ndarray
        Bytes of a stored element of each operator as the checkpoint's headers say, shape ``(op,)`` [byte]; NaN where
        none was read.
    shares : tuple of tuple of FormatShare
        Formats of each operator that has others than its kind; empty for the rest.
    stored_in : Precision
        The formats under which ``stored`` and ``shares`` hold.
    weights : mapping
        Weights of the linear layers that are counted, by storage kind [1].
    keeps : mapping
        Elements that a sequence keeps for later steps, by storage kind and count of its last step [1].
    live : ndarray
        Whether the result of an operator is alive while another runs, shape ``(op running, op result)`` [1].
    """

    names: tuple[str, ...]
    blocks: tuple[str, ...]
    kinds: tuple[str, ...]
    layers: NDArray[np.float64]
    costs: tuple[Cost, ...]
    inputs: tuple[tuple[int, ...], ...]
    counts: tuple[Count, ...]
    coefficients: NDArray[np.float64]
    stored: NDArray[np.float64]
    shares: tuple[tuple[FormatShare, ...], ...]
    stored_in: Precision
    weights: Mapping[str, float]
    keeps: Mapping[str, Mapping[Count, float]]
    live: NDArray[np.float64]

    def columns(self, step: Step[Any]) -> NDArray[np.float64]:
        """Cost of one layer for a step, shape ``(column, op, *sweep)`` [FLOP, 1 or s].

        Parameters
        ----------
        step : Step
            The step; its arrays broadcast.
        """
        return self.columns_of(values_of(step.arrays, self.counts))

    def columns_of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Cost of one layer for values of the counts, shape ``(column, op, *sweep)`` [FLOP, 1 or s].

        Parameters
        ----------
        values : ndarray
            Counts, shape ``(count, *sweep)`` [1].
        """
        return np.tensordot(self.coefficients, values, axes=1)

    @cached_property
    def kept(self) -> dict[str, NDArray[np.float64]]:
        """Elements that a sequence keeps after a step, by storage kind, each of shape ``(count,)`` [1]."""
        total = {}
        for kind, terms in self.keeps.items():
            total[kind] = np.zeros(len(self.counts))
            for count, elements in terms.items():
                total[kind][self.counts.index(count)] += elements
        return total

    def bends(self, first: int, last: int, query: int) -> list[int]:
        """Contexts from ``first`` on and before ``last`` after which a decode step leaves its straight line [token].

        Parameters
        ----------
        first, last : int
            Contexts of the first and the last step [token].
        query : int
            New tokens of each step [token].
        """
        if not self._bending:
            return []
        return sorted({context for count in self._bending for context in count.bends(first, last, query)})

    @cached_property
    def _bending(self) -> tuple[Count, ...]:
        return tuple(count for count in self.counts if count.bending)


@lru_cache(maxsize=512)
def compiled(stack: Stack, conventions: Conventions) -> Compiled:
    """Compile a stack; the same arguments give the same object.

    Parameters
    ----------
    stack : Stack
        The layers.
    conventions : Conventions
        How they are counted.
    """
    sizes, shares, rows = stored_element_bytes(stack), stored_shares(stack), _rows(stack, conventions)
    operators = [row for *_, row in rows]
    costs = tuple(row.cost(conventions) for row in operators)
    counts, coefficients = _coefficients(costs, stack)
    inputs = _inputs(stack, [(block.name, name, row) for block, name, row in rows])
    return Compiled(
        names=_names([(block.name, row.name) for block, _, row in rows]),
        blocks=tuple(block.name for block, *_ in rows),
        kinds=tuple(row.shown_as for row in operators),
        layers=np.array([block.layers for block, *_ in rows], dtype=np.float64),
        costs=costs,
        inputs=inputs,
        counts=counts,
        coefficients=coefficients,
        stored=np.array([sizes.get((block.name, name), np.nan) for block, name, _ in rows]),
        shares=tuple(shares.get((block.name, name), ()) for block, name, _ in rows),
        stored_in=stack.precision,
        weights=_weights(rows),
        keeps=stack.kept,
        live=_live(inputs),
    )


def _rows(stack: Stack, conventions: Conventions) -> list[tuple[Block, str, Operator]]:
    """Block, operator and part of it of everything that is counted, in forward order."""
    return [
        (block, operator.name, row)
        for block, operator in stack.operators()
        for row in operator.rows(conventions)
        if _is_whole_block_counted(block, conventions) and row.is_counted(conventions)
    ]


def _is_whole_block_counted(block: Block, conventions: Conventions) -> bool:
    """Whether what is around the layers is counted: positions and their sum, the last projection of a DiT."""
    return {"embedding": conventions.embedding, "final layer": conventions.conditioning}.get(block.name, True)


def _weights(rows: list[tuple[Block, str, Operator]]) -> dict[str, float]:
    total = dict.fromkeys(WEIGHTS, 0.0)
    for block, _, row in rows:
        for kind in total:
            total[kind] += block.layers * row.parameters.get(kind, 0)
    return total


def _coefficients(costs: tuple[Cost, ...], stack: Stack) -> tuple[tuple[Count, ...], NDArray[np.float64]]:
    """The counts that anything depends on, and the matrix of coefficients."""
    columns = [[getattr(cost, column.name) for cost in costs] for column in COLUMNS]
    by_operator = (terms for row in zip(*columns, strict=True) for terms in row)
    used = (count for terms in by_operator for count, value in terms.items() if value)
    order = tuple(dict.fromkeys((*used, *(count for terms in stack.kept.values() for count in terms))))
    place = {count: i for i, count in enumerate(order)}
    coefficients = np.zeros((len(COLUMNS), len(costs), len(order)))
    for i, column in enumerate(columns):
        for j, terms in enumerate(column):
            for count, value in terms.items():
                if value:
                    coefficients[i, j, place[count]] = value
    coefficients.flags.writeable = False
    return order, coefficients


def _names(rows: list[tuple[str, str]]) -> tuple[str, ...]:
    """Names of the rows; one that several blocks have says which block it is in, so that a name stands for one row."""
    several = Counter(name for _, name in rows)
    return tuple(name if several[name] == 1 else f"{name} ({block})" for block, name in rows)


def _inputs(stack: Stack, rows: list[tuple[str, str, Operator]]) -> tuple[tuple[int, ...], ...]:
    """Positions of each row's inputs; an operator that is not counted hands its own inputs on."""
    sources = {(block.name, operator.name): operator.inputs for block, operator in stack.operators()}
    position = {(block, row.name): i for i, (block, _, row) in enumerate(rows)}
    parts: dict[tuple[str, str], list[int]] = {}
    for i, (block, name, _) in enumerate(rows):
        parts.setdefault((block, name), []).append(i)
    first = {block: i for i, (block, _, _) in reversed(list(enumerate(rows)))}
    home = {name: block for block, name in reversed(sources)}  # what a block lacks, the first one that has it made

    def resolve(block: str, name: str) -> tuple[int, ...]:
        if name == HIDDEN:
            return (first[block] - 1,) if first[block] else ()
        if (block, name) in position:
            return (position[block, name],)
        if (block, name) in parts:  # an operator that falls apart
            return tuple(parts[block, name])
        if (block, name) not in sources:
            return resolve(home[name], name)
        return tuple(i for source in sources[block, name] for i in resolve(block, source))

    return tuple(tuple(dict.fromkeys(i for name in row.inputs for i in resolve(block, name))) for block, _, row in rows)


def _live(inputs: tuple[tuple[int, ...], ...]) -> NDArray[np.float64]:
    """1 where a result is alive: from the operator that makes it to the last one that reads it."""
    last = list(range(len(inputs)))
    for reader, sources in enumerate(inputs):
        for source in sources:
            last[source] = reader
    running, result = np.indices((len(inputs), len(inputs)))
    return ((result <= running) & (np.array(last)[result] >= running)).astype(np.float64)
