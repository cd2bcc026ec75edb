"""Compilation: a stack of layers and the conventions become columns of coefficients, once.

Every count of an operator is linear in the features of a step, so the structure is a matrix ``(column, op, feature)``
and an evaluation is one product with the features. Layers, with what techniques made of them, and conventions are
structural: another of them is another matrix.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ..models.element_bytes import stored_element_bytes
from ..operators import HIDDEN
from ..operators.step import values_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..formats.conventions import Conventions
    from ..formats.precision import Precision
    from ..models.model import Stack
    from ..operators import Counts
    from ..operators.counts import Feature
    from ..operators.step import Step

COLUMNS = (
    "matrix_flops",
    "vector_flops",
    "weight_read",
    "head_read",
    "wide_weight_read",
    "activation_read",
    "wide_read",
    "activation_write",
    "wide_write",
    "kv_read",
    "kv_write",
    "state_read",
    "state_write",
    "adapter_read",
    "wide_sent",
    "weight_sent",
    "kv_sent",
    "state_sent",
    "latency",
)
"""Columns of counts, in the order of the matrix: two of FLOP, elements that are moved and sent, and seconds."""


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
    counts : tuple of Counts
        The coefficients as the operators gave them.
    inputs : tuple of tuple of int
        Positions of the operators whose results each one reads.
    features : tuple of Feature
        The features that the coefficients belong to.
    coefficients : ndarray
        Counts of one layer, shape ``(column, op, feature)`` [FLOP, 1 or s].
    stored : ndarray
        Bytes of a stored element of each operator as the checkpoint's headers say, shape ``(op,)`` [byte]; NaN where
        none was read.
    stored_in : Precision or None
        The formats under which they hold.
    keeps : mapping
        Elements that a sequence keeps for later steps, by storage kind and feature of its last step [1].
    live : ndarray
        Whether the result of an operator is alive while another runs, shape ``(op running, op result)`` [1].
    """

    names: tuple[str, ...]
    blocks: tuple[str, ...]
    kinds: tuple[str, ...]
    layers: NDArray[np.float64]
    counts: tuple[Counts, ...]
    inputs: tuple[tuple[int, ...], ...]
    features: tuple[Feature, ...]
    coefficients: NDArray[np.float64]
    stored: NDArray[np.float64]
    stored_in: Precision | None
    keeps: Mapping[str, Mapping[Feature, float]]
    live: NDArray[np.float64]

    def columns(self, step: Step) -> NDArray[np.float64]:
        """Counts of one layer for a step, shape ``(column, op, *sweep)`` [FLOP or 1].

        Parameters
        ----------
        step : Step
            The step; its arrays broadcast.
        """
        return self.columns_of(values_of(step.shape, self.features))

    def columns_of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Counts of one layer for values of the features, shape ``(column, op, *sweep)`` [FLOP or 1].

        Parameters
        ----------
        values : ndarray
            Features, shape ``(feature, *sweep)`` [1].
        """
        return np.tensordot(self.coefficients, values, axes=1)

    @cached_property
    def kept(self) -> dict[str, NDArray[np.float64]]:
        """Elements that a sequence keeps after a step, by storage kind, of shape ``(feature,)`` [1]."""
        total = {}
        for kind, terms in self.keeps.items():
            total[kind] = np.zeros(len(self.features))
            for feature, elements in terms.items():
                total[kind][self.features.index(feature)] += elements
        return total


@lru_cache(maxsize=512)
def compiled(model: Stack, conventions: Conventions) -> Compiled:
    """Compile a stack; the same arguments give the same object."""
    sizes, counted, stored = stored_element_bytes(model), [], []
    for block, operator in model.operators():
        rows = [(block, row) for row in operator.rows() if row.is_counted(conventions)]
        counted += rows
        stored += [sizes.get((block.name, operator.name), np.nan)] * len(rows)
    counts = tuple(row.counts(conventions) for _, row in counted)
    used = (f for c in counts for name in COLUMNS for f, v in getattr(c, name).items() if v)
    order = tuple(dict.fromkeys((*used, *(f for terms in model.kept.values() for f in terms))))
    coefficients = np.zeros((len(COLUMNS), len(counts), len(order)))
    for i, name in enumerate(COLUMNS):
        for j, count in enumerate(counts):
            for feature, value in getattr(count, name).items():
                if value:
                    coefficients[i, j, order.index(feature)] = value
    coefficients.flags.writeable = False
    inputs = _inputs(model, [(block.name, row.name, row.inputs) for block, row in counted])
    return Compiled(
        names=_names([(block.name, row.name) for block, row in counted]),
        blocks=tuple(block.name for block, _ in counted),
        kinds=tuple(row.shown_as for _, row in counted),
        layers=np.array([block.layers for block, _ in counted], dtype=np.float64),
        counts=counts,
        inputs=inputs,
        features=order,
        coefficients=coefficients,
        stored=np.array(stored),
        stored_in=model.precision if model.stored else None,
        keeps=model.kept,
        live=_live(inputs),
    )


def _names(rows: list[tuple[str, str]]) -> tuple[str, ...]:
    """Names of the rows; one that several blocks have says which block it is in, so that a name stands for one row."""
    several = Counter(name for _, name in rows)
    return tuple(name if several[name] == 1 else f"{name} ({block})" for block, name in rows)


def _inputs(model: Stack, rows: list[tuple[str, str, tuple[str, ...]]]) -> tuple[tuple[int, ...], ...]:
    """Positions of each row's inputs; an operator that is not counted hands its own inputs on."""
    given = {(block.name, operator.name): operator.inputs for block, operator in model.operators()}
    position = {(block, name): i for i, (block, name, _) in enumerate(rows)}
    first = {block: i for i, (block, _, _) in reversed(list(enumerate(rows)))}
    home = {name: block for block, name in reversed(given)}  # what a block lacks, the first one that has it made

    def resolve(block: str, name: str) -> tuple[int, ...]:
        if name == HIDDEN:
            return (first[block] - 1,) if first[block] else ()
        if (block, name) in position:
            return (position[block, name],)
        if (block, name) not in given:
            return resolve(home[name], name)
        return tuple(i for source in given[block, name] for i in resolve(block, source))

    return tuple(tuple(dict.fromkeys(i for name in names for i in resolve(block, name))) for block, _, names in rows)


def _live(inputs: tuple[tuple[int, ...], ...]) -> NDArray[np.float64]:
    """1 where a result is alive: from the operator that makes it to the last one that reads it."""
    last = list(range(len(inputs)))
    for reader, sources in enumerate(inputs):
        for source in sources:
            last[source] = reader
    running, result = np.indices((len(inputs), len(inputs)))
    return ((result <= running) & (np.array(last)[result] >= running)).astype(np.float64)
