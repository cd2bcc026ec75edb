"""The roofline: bytes and the four times of every operator on a machine, arXiv 2402.16363 section 2.2.

The time of an operator is the longest of what its matrix work, its vector work, its traffic with the memory and what it
sends over a link take (Williams et al. 2009, doi 10.1145/1498765.1498785). It is a bound: nothing measured may beat it.
Imports NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..devices.peak import Peak, paper_peak, peak, substitution
from ..formats.precision import WEIGHTS, WIDE
from ..formats.sparsity import DENSE, Sparsity, structured_speed
from ..formats.storage import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..devices.hardware import Hardware
    from ..devices.machine import Machine
    from ..formats.conventions import Conventions
    from ..formats.precision import Precision
    from .compile import Compiled

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
    ("wide", 0),  # of adapters
    ("wide", 5),
    ("weights", 5),  # whose kind is the operator's own
    ("kv_cache", 5),
    ("state", 5),
)
_OWN = (0, 1, 2, 13)  # of them, those that a checkpoint stores


WORK, MOVED, SENT, BOUNDS = slice(0, 2), slice(2, 7), slice(7, 8), slice(8, 12)
"""Rows of :attr:`Rates.products`: matrix and vector FLOP, traffic by byte column, what crosses a link, and the times of
matrix units, vector lanes, memory and link."""


@dataclass(frozen=True, eq=False)
class Rates:
    """What a device and a precision make of counts; no step is in it.

    Parameters
    ----------
    products : ndarray
        Coefficients of FLOP, traffic and times of one layer by feature, shape ``(row, op, feature)`` [FLOP, byte or s];
        rows are ``WORK``, ``MOVED``, ``SENT`` and ``BOUNDS``. One product with the features of steps is their
        evaluation.
    element_bytes : ndarray
        Bytes of an element of each operator in the columns of elements, shape ``(element column, op)`` [byte].
    compute_formats : tuple of str
        Format that each operator computes in; ``"vector"`` on the vector lanes.
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
        Sentences on formats that the device lacks.
    """

    products: NDArray[np.float64]
    element_bytes: NDArray[np.float64]
    compute_formats: tuple[str, ...]
    peaks: NDArray[np.float64]
    vector_peaks: NDArray[np.float64]
    bandwidths: NDArray[np.float64]
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


@lru_cache(maxsize=1024)
def rates(
    structure: Compiled,
    machine: Machine,
    precision: Precision,
    conventions: Conventions,
    sparsity: Sparsity = DENSE,
) -> Rates:
    """Rates of a machine and a precision for a compiled stack."""
    storage = {
        kind: sparsity.element_bytes(kind, formats[name].bytes_per_element(scales=conventions.group_scales))
        for kind, name in stored_formats(precision, conventions).items()
    }
    element_bytes = _element_bytes(structure, storage)
    if structure.stored_in == precision and sparsity == DENSE:
        own = ~np.isnan(structure.stored)
        for column in _OWN:
            element_bytes[column, own] = structure.stored[own]
    notes: dict[str, None] = {}
    by_device: dict[Hardware, _Peaks] = {}
    chosen, vectors, bandwidths = [], [], []
    for kind, count in zip(structure.kinds, structure.counts, strict=True):
        device = machine.device_of(kind)
        if device not in by_device:
            by_device[device] = _Peaks(device, precision, conventions, sparsity, notes)
        chosen.append(by_device[device].of(count.operands))
        vectors.append(by_device[device].vector)
        bandwidths.append(device.memory_bandwidth)
    inverse = _Inverse(
        matrix=1 / np.array([p.flops_per_s for p in chosen]),
        vector=np.array([1 / vector if vector else 0.0 for vector in vectors]),
        bandwidth=1 / np.array(bandwidths),
        link=np.array([1 / machine.bandwidth_of(count.link) if count.link else 0.0 for count in structure.counts]),
    )
    return Rates(
        products=_products(structure, element_bytes, inverse),
        element_bytes=element_bytes,
        compute_formats=tuple(p.format for p in chosen),
        peaks=np.array([p.flops_per_s for p in chosen]),
        vector_peaks=np.array(vectors),
        bandwidths=np.array(bandwidths),
        storage=storage,
        notes=tuple(notes),
    )


def vector_peak(hardware: Hardware) -> float:
    """Peak of the vector lanes at fp32, in which softmax and norms accumulate [FLOP/s]; 0 where it is unknown."""
    lanes = hardware.vector_flops_per_s
    return lanes.get("fp32", lanes.get("fp16", 0.0))


class _Peaks:
    """Peaks of a device by the storage kinds of the operands; what it lacks is noted."""

    def __init__(
        self,
        hardware: Hardware,
        precision: Precision,
        conventions: Conventions,
        sparsity: Sparsity,
        notes: dict[str, None],
    ) -> None:
        self.vector = vector_peak(hardware) if conventions.vector_roof else 0.0
        self._hardware, self._precision, self._conventions, self._notes = hardware, precision, conventions, notes
        self._stored, self._sparsity = stored_formats(precision, conventions), sparsity
        self._known: dict[tuple[str, ...], Peak] = {}
        if conventions.vector_roof and not self.vector:
            notes[f"{hardware.name} has no known vector peak; vector work is billed at its matrix peak."] = None

    def of(self, operands: tuple[str, ...]) -> Peak:
        """Peak for operands of some storage kinds; that of the vector lanes where there are none."""
        if operands not in self._known:
            self._known[operands] = self._found(operands)
        return self._known[operands]

    def _found(self, operands: tuple[str, ...]) -> Peak:
        if not operands and self.vector:
            return Peak("vector", self.vector)
        found = self._dense(operands)
        if not self._sparsity.is_structured or {*operands}.isdisjoint(WEIGHTS):
            return found
        speed = structured_speed(self._hardware.architecture, found.format)
        if speed == 1:
            note = f"{self._hardware.name} has no sparse {found.format} units; 2:4 sparsity saves bytes alone."
            self._notes[note] = None
        return found._replace(flops_per_s=found.flops_per_s * speed)

    def _dense(self, operands: tuple[str, ...]) -> Peak:
        if not self._conventions.peak_by_operator:
            p = self._precision
            return paper_peak(self._hardware, p.weights, p.activations, p.kv_cache)
        pair = tuple(self._stored[kind] for kind in operands) or (WIDE, WIDE)
        found, note = peak(self._hardware, pair), substitution(self._hardware, pair)
        if note:
            self._notes[note] = None
        return found


def _element_bytes(structure: Compiled, storage: Mapping[str, float]) -> NDArray[np.float64]:
    """Bytes of an element of each operator, as its formats have it, shape ``(element column, op)`` [byte]."""
    own = np.array([storage[count.stored] for count in structure.counts])
    return np.array([own if kind == "weights" else np.full_like(own, storage[kind]) for kind, _ in _ELEMENTS])


def _products(structure: Compiled, element_bytes: NDArray[np.float64], inverse: _Inverse) -> NDArray[np.float64]:
    """Coefficients of FLOP, traffic and times by feature, shape ``(row, op, feature)`` [FLOP, byte or s]."""
    work, elements, latency = structure.coefficients[:2], structure.coefficients[2:-1], structure.coefficients[-1]
    by_column = element_bytes[..., None] * elements
    sums = np.zeros((SENT.stop - MOVED.start, *work.shape[1:]))
    for (_, row), column in zip(_ELEMENTS, by_column, strict=True):
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


class _Inverse(NamedTuple):
    """Time of a FLOP on matrix units and vector lanes, of a byte of memory and of link, each of shape ``(op,)`` [s]."""

    matrix: NDArray[np.float64]
    vector: NDArray[np.float64]
    bandwidth: NDArray[np.float64]
    link: NDArray[np.float64]
