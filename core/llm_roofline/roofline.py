"""The roofline: bytes and the three times of every operator on a device, arXiv 2402.16363 section 2.2.

The time of an operator is the longest of what its matrix work, its vector work and its traffic take (Williams et al.
2009, doi 10.1145/1498765.1498785). It is a bound: nothing measured may beat it. Imports NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .formats import formats
from .peak import Peak, paper_peak, peak, substitution
from .precision import WIDE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from .compile import Compiled
    from .conventions import Conventions
    from .hardware import Hardware
    from .precision import Precision

BYTES = ("weight_bytes", "activation_read_bytes", "activation_write_bytes", "kv_read_bytes", "kv_write_bytes")
"""Columns of traffic, in order."""

_ELEMENTS = (  # storage kind and byte column of each column of elements in compile.COLUMNS
    ("weights", 0),  # whose kind is the operator's own
    ("head", 0),
    ("wide", 0),
    ("activations", 1),
    ("wide", 1),
    ("activations", 2),
    ("wide", 2),
    ("kv_cache", 3),
    ("kv_cache", 4),
    ("state", 3),
    ("state", 4),
)
_WEIGHTS = slice(0, 3)  # of them, those that are stored


WORK, MOVED, BOUNDS = slice(0, 2), slice(2, 7), slice(7, 10)
"""Rows of :attr:`Rates.products`: matrix and vector FLOP, traffic by byte column, matrix, vector and memory time."""


@dataclass(frozen=True, eq=False)
class Rates:
    """What a device and a precision make of counts; no step is in it.

    Parameters
    ----------
    products : ndarray
        Coefficients of FLOP, traffic and times of one layer by feature, shape ``(row, op, feature)`` [FLOP, byte or s];
        rows are ``WORK``, ``MOVED`` and ``BOUNDS``. One product with the features of steps is their evaluation.
    weight_bytes : ndarray
        Bytes of a stored element of each operator's columns of weights, shape ``(element column, op)`` [byte].
    element_bytes : ndarray
        Bytes of an element of the other columns in each byte column, shape ``(byte column, element column)`` [byte].
    compute_formats : tuple of str
        Format that each operator computes in; ``"vector"`` on the vector lanes.
    peaks : ndarray
        Peak of each operator's matrix work, or of its vector work where it has no other, shape ``(op,)`` [FLOP/s].
    vector_peak : float
        Peak of the vector lanes [FLOP/s]; 0 where vector work is billed at the matrix peak.
    bandwidth : float
        Bandwidth of the memory [byte/s].
    storage : mapping of str to float
        Bytes of an element of each storage kind [byte].
    notes : tuple of str
        Sentences on formats that the device lacks.
    """

    products: NDArray[np.float64]
    weight_bytes: NDArray[np.float64]
    element_bytes: NDArray[np.float64]
    compute_formats: tuple[str, ...]
    peaks: NDArray[np.float64]
    vector_peak: float
    bandwidth: float
    storage: dict[str, float]
    notes: tuple[str, ...]

    def of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Work, traffic and times of one layer, shape ``(row, op, *sweep)`` [FLOP, byte or s].

        Parameters
        ----------
        values : ndarray
            Features, shape ``(feature, *sweep)`` [1].
        """
        rows: NDArray[np.float64] = self.products.reshape(-1, self.products.shape[-1]) @ values
        return rows.reshape(*self.products.shape[:2], *values.shape[1:])

    def bytes_of_element(self, column: int, operator: int) -> float:
        """Bytes of an element [byte].

        Parameters
        ----------
        column : int
            Place of its column in ``compile.COLUMNS``.
        operator : int
            Place of the operator.
        """
        place = column - 2
        weights = len(self.weight_bytes)
        return float(
            self.weight_bytes[place, operator] if place < weights else self.element_bytes[:, place - weights].sum()
        )


def stored_formats(precision: Precision, conventions: Conventions) -> dict[str, str]:
    """Format of each storage kind."""
    return {
        "weights": precision.weights,
        "attention_weights": precision.attention_weights or precision.weights,
        "experts": precision.experts or precision.weights,
        "activations": precision.activations,
        "kv_cache": precision.kv_cache,
        "state": precision.states,
        "head": precision.head if conventions.head_precision else precision.weights,
        "wide": WIDE if conventions.wide_intermediates else precision.activations,
    }


@lru_cache(maxsize=256)
def rates(structure: Compiled, hardware: Hardware, precision: Precision, conventions: Conventions) -> Rates:
    """Rates of a device and a precision for a compiled model."""
    stored = stored_formats(precision, conventions)
    storage = {kind: formats[name].bytes_per_element(scales=conventions.group_scales) for kind, name in stored.items()}
    element_bytes = np.zeros((len(BYTES), len(_ELEMENTS)))
    for column, (kind, row) in enumerate(_ELEMENTS):
        element_bytes[row, column] = storage[kind]
    element_bytes = element_bytes[1:, _WEIGHTS.stop :]
    vector = vector_peak(hardware) if conventions.vector_roof else 0.0
    by_operands: dict[tuple[str, ...], Peak] = {}
    notes: dict[str, None] = {}
    for operands in dict.fromkeys(count.operands for count in structure.counts):
        if not operands and vector:
            by_operands[operands] = Peak("vector", vector)
            continue
        pair = tuple(stored[kind] for kind in operands) or (WIDE, WIDE)
        if conventions.peak_by_operator:
            by_operands[operands] = peak(hardware, pair)
            note = substitution(hardware, pair)
            notes |= {note: None} if note else {}
        else:
            by_operands[operands] = paper_peak(hardware, precision.weights, precision.activations, precision.kv_cache)
    if conventions.vector_roof and not vector:
        notes[f"{hardware.name} has no known vector peak; vector work is billed at its matrix peak."] = None
    chosen = [by_operands[count.operands] for count in structure.counts]
    peaks, weight_bytes = np.array([p.flops_per_s for p in chosen]), _weight_bytes(structure, storage)
    if structure.stored_in == precision:
        weight_bytes = np.where(np.isnan(structure.stored), weight_bytes, structure.stored)
    inverse = _Inverse(1 / peaks, 1 / vector if vector else 0.0, 1 / hardware.memory_bandwidth)
    return Rates(
        products=_products(structure, weight_bytes, element_bytes, inverse),
        weight_bytes=weight_bytes,
        element_bytes=element_bytes,
        compute_formats=tuple(p.format for p in chosen),
        peaks=peaks,
        vector_peak=vector,
        bandwidth=hardware.memory_bandwidth,
        storage=storage,
        notes=tuple(notes),
    )


def _weight_bytes(structure: Compiled, storage: Mapping[str, float]) -> NDArray[np.float64]:
    """Bytes of a stored element of each operator, as its formats have it."""
    by_column = ((storage[count.stored], storage["head"], storage["wide"]) for count in structure.counts)
    return np.array([*by_column], dtype=np.float64).T


def vector_peak(hardware: Hardware) -> float:
    """Peak of the vector lanes at fp32, in which softmax and norms accumulate [FLOP/s]; 0 where it is unknown."""
    lanes = hardware.vector_flops_per_s
    return lanes.get("fp32", lanes.get("fp16", 0.0))


def _products(
    structure: Compiled, weight_bytes: NDArray[np.float64], element_bytes: NDArray[np.float64], inverse: _Inverse
) -> NDArray[np.float64]:
    """Coefficients of FLOP, traffic and times by feature, shape ``(ROWS, op, feature)`` [FLOP, byte or s]."""
    work, elements = structure.coefficients[:2], structure.coefficients[2:]
    weights = (weight_bytes[..., None] * elements[_WEIGHTS]).sum(axis=0, keepdims=True)
    moved = np.concatenate((weights, np.tensordot(element_bytes, elements[_WEIGHTS.stop :], axes=1)))
    matrix, vector = work if inverse.vector else (work.sum(axis=0), np.zeros_like(work[1]))
    bounds = matrix * inverse.matrix[:, None], vector * inverse.vector, moved.sum(axis=0) * inverse.bandwidth
    return np.concatenate((work, moved, bounds))


class _Inverse(NamedTuple):
    """Time of a FLOP on the matrix units, shape ``(op, )``, and on the vector lanes, and of a byte [s]."""

    matrix: NDArray[np.float64]
    vector: float
    bandwidth: float
