"""The roofline: bytes and the four times of every operator on a machine, arXiv 2402.16363 section 2.2.

The time of an operator is the longest of what its matrix work, its vector work, its traffic with the memory and what it
sends over a link take (Williams et al. 2009, doi 10.1145/1498765.1498785). It is a bound: nothing measured may beat it.
Imports NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..formats import DENSE, Sparsity
from ..operators import BYTES, COLUMNS, LINK
from .peaks import Peaks
from .sizes import bytes_by_kind, weight_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..devices import Hardware, Machine
    from ..formats import Conventions, FormatShare, Precision
    from ..operators import Cost
    from .compile import Compiled

_FLOPS = [i for i, column in enumerate(COLUMNS) if column.unit == "FLOP"]
_ELEMENTS = [i for i, column in enumerate(COLUMNS) if column.bytes]
_SECONDS = [i for i, column in enumerate(COLUMNS) if column.unit == "s"]
_INTO = [(*BYTES, LINK).index(COLUMNS[i].bytes) for i in _ELEMENTS]
_STORED = [place for place, i in enumerate(_ELEMENTS) if COLUMNS[i].is_stored]

WORK, MOVED = slice(0, 2), slice(2, 2 + len(BYTES))
SENT = slice(MOVED.stop, MOVED.stop + 1)
BOUNDS = slice(SENT.stop, SENT.stop + 4)
"""Rows of :attr:`Rates.products`: matrix and vector FLOP, traffic as in ``BYTES``, what crosses a link, and the times
of matrix units, vector lanes, memory and link."""
WRITTEN = MOVED.start + BYTES.index("activation_write_bytes")
"""The row of results that are written."""


@dataclass(frozen=True, eq=False)
class Rates:
    """Peaks, bandwidths and bytes an element that turn the costs of a stack into work, traffic and times of any step.

    Parameters
    ----------
    structure : Compiled
        The stack.
    products : ndarray
        Coefficients of FLOP, traffic and times of one layer by count, shape ``(row, op, count)`` [FLOP, byte or s];
        rows are ``WORK``, ``MOVED``, ``SENT`` and ``BOUNDS``. One product with the counts of steps is their
        evaluation.
    element_bytes : ndarray
        Bytes of an element of each operator in the columns of elements, shape ``(element column, op)`` [byte].
    compute_formats : tuple of str
        Format that each operator computes in; ``"vector"`` on the vector lanes.
    devices : tuple of Hardware
        Device that each operator runs on.
    peaks : ndarray
        Peak of each operator's matrix work, or of its vector work where it has no other, shape ``(op,)`` [FLOP/s].
    vector_peaks : ndarray
        Peak of the vector lanes under each operator, shape ``(op,)`` [FLOP/s]; 0 where vector work is billed at the
        matrix peak.
    bandwidths : ndarray
        Bandwidth of the memory under each operator, shape ``(op,)`` [byte/s].
    storage : mapping of str to float
        Bytes of an element of each storage kind [byte].
    notes : tuple of str
        Sentences on weak or changed figures of the devices, and on formats that they lack.
    """

    structure: Compiled
    products: NDArray[np.float64]
    element_bytes: NDArray[np.float64]
    compute_formats: tuple[str, ...]
    devices: tuple[Hardware, ...]
    peaks: NDArray[np.float64]
    vector_peaks: NDArray[np.float64]
    bandwidths: NDArray[np.float64]
    storage: dict[str, float]
    notes: tuple[str, ...]

    def rows(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Work, traffic and times of one layer, shape ``(row, op, *sweep)`` [FLOP, byte or s].

        Parameters
        ----------
        values : ndarray
            Counts, shape ``(count, *sweep)`` [1].
        """
        rows = _product(self.products.reshape(-1, self.products.shape[-1]), values)
        return rows.reshape(*self.products.shape[:2], *values.shape[1:])

    def bounds_and_totals(self, values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Times of one layer by bound, and FLOP and bytes of all layers.

        Parameters
        ----------
        values : ndarray
            Counts, shape ``(count, *sweep)`` [1].

        Returns
        -------
        tuple of ndarray
            Times of shape ``(bound, op, *sweep)``, of the bounds that any operator has [s], and FLOP and bytes of shape
            ``(2, *sweep)`` [FLOP, byte].
        """
        rows = _product(self._bounds_and_totals, values)
        return rows[:-2].reshape(-1, len(self.peaks), *values.shape[1:]), rows[-2:]

    def bounds(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Compute, memory and link time of one layer, shape ``(3, op, *sweep)`` [s].

        Parameters
        ----------
        values : ndarray
            Counts, shape ``(count, *sweep)`` [1].
        """
        rows = _product(self.products[BOUNDS].reshape(-1, len(values)), values)
        times = rows.reshape(4, len(self.peaks), *values.shape[1:])
        np.maximum(times[0], times[1], out=times[1])
        return times[1:]

    def held(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Bytes that a sequence has in memory, for counts of single passes, shape ``(3, *sweep)`` [byte].

        Parameters
        ----------
        values : ndarray
            Counts, shape ``(count, *sweep)`` [1].

        Returns
        -------
        ndarray
            The largest set of results that are alive at once; keys, values and states that are kept after the pass; and
            what of these is in the KV cache [byte].
        """
        rows = _product(self._held, values)
        rows[-3] = np.maximum.reduce(rows[:-2], axis=0)
        return rows[-3:]

    @property
    def terms(self) -> int:
        """Products of two numbers that the times and totals of one pass take [1]."""
        return self._bounds_and_totals.size

    @cached_property
    def _bounds_and_totals(self) -> NDArray[np.float64]:
        """Coefficients of :meth:`bounds_and_totals`, shape ``(row, count)``."""
        bounds = self.products[BOUNDS]
        met = bounds[bounds.any(axis=(1, 2))].reshape(-1, bounds.shape[-1])
        every_layer = self.products * self.structure.layers[:, None]
        return np.vstack((met, every_layer[WORK].sum(axis=(0, 1)), every_layer[MOVED].sum(axis=(0, 1))))

    @cached_property
    def _held(self) -> NDArray[np.float64]:
        """Coefficients of :meth:`held`: results alive while each operator runs, what is kept, and what is cached."""
        kept = {kind: self.storage[kind] * elements for kind, elements in self.structure.kept.items()}
        zero = np.zeros(len(self.structure.counts))
        alive = self.structure.live @ self.products[WRITTEN]
        return np.vstack((alive, sum(kept.values(), zero), kept.get("kv_cache", zero)))


def _product(coefficients: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coefficients of shape ``(row, count)`` times values of shape ``(count, *sweep)``, as one product of matrices."""
    if values.ndim < 3:  # noqa: PLR2004 - a matrix, or a column
        return coefficients @ values
    product: NDArray[np.float64] = coefficients @ values.reshape(len(values), -1)
    return product.reshape(len(coefficients), *values.shape[1:])


@lru_cache(maxsize=1024)
def rates(
    structure: Compiled,
    machine: Machine,
    precision: Precision,
    conventions: Conventions,
    sparsity: Sparsity = DENSE,
) -> Rates:
    """Rates of a machine and a precision for a compiled stack.

    Parameters
    ----------
    structure : Compiled
        The stack.
    machine : Machine
        What it runs on.
    precision : Precision
        In which formats.
    conventions : Conventions
        How it is counted.
    sparsity : Sparsity
        Which share of the weights is stored.
    """
    storage = bytes_by_kind(precision, conventions, sparsity)
    element_bytes = _element_bytes(structure, storage)
    for place, shares in enumerate(structure.shares):
        if shares:
            _set_own(element_bytes[:, place], structure.costs[place], shares, conventions, sparsity)
    if structure.stored_in == precision and sparsity == DENSE:
        measured = ~np.isnan(structure.stored)
        for column in _STORED:
            element_bytes[column, measured] = structure.stored[measured]
    notes: dict[str, None] = {}
    devices = tuple(machine.device_of(kind) for kind in structure.kinds)
    by_device = {device: Peaks(device, precision, conventions, sparsity, notes) for device in dict.fromkeys(devices)}
    rows = zip(devices, structure.costs, structure.shares, strict=True)
    chosen = [by_device[device].of(cost.operands, shares) for device, cost, shares in rows]
    links = [machine.bandwidth_of(cost.link) if cost.link else 0.0 for cost in structure.costs]
    peaks = np.array([peak.flops_per_s for peak in chosen])
    vectors = np.array([by_device[device].vector for device in devices])
    bandwidths = np.array([device.memory_bandwidth for device in devices])
    inverse = _Inverse(1 / peaks, _inverse(vectors), 1 / bandwidths, _inverse(np.array(links)))
    return Rates(
        structure=structure,
        products=_products(structure, element_bytes, inverse),
        element_bytes=element_bytes,
        compute_formats=tuple(peak.format for peak in chosen),
        devices=devices,
        peaks=peaks,
        vector_peaks=vectors,
        bandwidths=bandwidths,
        storage=storage,
        notes=tuple(notes),
    )


class _Inverse(NamedTuple):
    """Time of a FLOP on matrix units and vector lanes, of a byte of memory and of link, each of shape ``(op,)`` [s]."""

    matrix: NDArray[np.float64]
    vector: NDArray[np.float64]
    bandwidth: NDArray[np.float64]
    link: NDArray[np.float64]


def _inverse(rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """One over a rate; 0 where there is none."""
    return np.divide(1.0, rate, out=np.zeros_like(rate), where=rate > 0)


def _element_bytes(structure: Compiled, storage: Mapping[str, float]) -> NDArray[np.float64]:
    """Bytes of an element of each operator, as its formats have it, shape ``(element column, op)`` [byte]."""
    nominal = np.array([storage[cost.stored] for cost in structure.costs])
    kinds = (COLUMNS[i].storage for i in _ELEMENTS)
    return np.array([nominal if kind == "weights" else np.full_like(nominal, storage[kind]) for kind in kinds])


def _set_own(
    element_bytes: NDArray[np.float64],
    cost: Cost,
    shares: tuple[FormatShare, ...],
    conventions: Conventions,
    sparsity: Sparsity,
) -> None:
    """Write what an element of an operator takes that has formats of its own, shape ``(element column,)`` [byte]."""
    kind = "head" if cost.head_read else cost.stored
    if kind == "head" and not conventions.head_precision:
        return
    activation = sum(share.share * share.activation_bytes(scales=conventions.group_scales) for share in shares)
    for place, i in enumerate(_ELEMENTS):
        if COLUMNS[i].storage == ("head" if kind == "head" else "weights"):
            element_bytes[place] = weight_bytes(shares, kind, conventions, sparsity)
        elif COLUMNS[i].name == "activation_read":
            element_bytes[place] = activation


def _products(structure: Compiled, element_bytes: NDArray[np.float64], inverse: _Inverse) -> NDArray[np.float64]:
    """Coefficients of FLOP, traffic and times by count, shape ``(row, op, count)`` [FLOP, byte or s]."""
    work, latency = structure.coefficients[_FLOPS], structure.coefficients[_SECONDS].sum(axis=0)
    by_column = element_bytes[..., None] * structure.coefficients[_ELEMENTS]
    sums = np.zeros((len(BYTES) + 1, *work.shape[1:]))
    for row, column in zip(_INTO, by_column, strict=True):
        sums[row] += column
    moved, sent = sums[:-1], sums[-1:]
    roof = inverse.vector > 0
    matrix = np.where(roof[:, None], work[0], work.sum(axis=0))
    bounds = (
        matrix * inverse.matrix[:, None],
        work[1] * inverse.vector[:, None],
        moved.sum(axis=0) * inverse.bandwidth[:, None],
        sent[0] * inverse.link[:, None] + latency,
    )
    return np.concatenate((work, moved, sent, bounds))
