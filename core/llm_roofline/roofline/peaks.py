"""At which peak each operator computes, given how its operands are stored; what a device lacks is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..devices import Peak, caveats, paper_peak, peak, substitution, vector_format
from ..formats import DENSE, WEIGHTS, WIDE, structured_speed

if TYPE_CHECKING:
    from ..devices import Hardware
    from ..formats import Conventions, FormatShare, Precision, Sparsity


def stored_formats(precision: Precision, conventions: Conventions) -> dict[str, str]:
    """Format of each storage kind.

    Parameters
    ----------
    precision : Precision
        Formats of the scenario.
    conventions : Conventions
        Whether embedding and head have formats of their own.
    """
    wide = WIDE if conventions.wide_intermediates else precision.activations
    return {
        "weights": precision.weights,
        "attention_weights": precision.attention_weights or precision.weights,
        "experts": precision.experts or precision.weights,
        "activations": precision.activations,
        "kv_cache": precision.kv_cache,
        "state": precision.states,
        "head": precision.head if conventions.head_precision else precision.weights,
        "wide": wide,
        "wide_state": wide,
        "adapters": wide,
    }


def vector_peak(hardware: Hardware) -> float:
    """Peak of the vector lanes in their format [FLOP/s]; 0 where it is unknown.

    Parameters
    ----------
    hardware : Hardware
        The device.
    """
    return hardware.vector_flops_per_s.get(vector_format(hardware), 0.0)


class Peaks:
    """Peaks of a device by the storage kinds of the operands; its caveats and what it lacks are noted."""

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
        self._known: dict[tuple[tuple[str, ...], tuple[FormatShare, ...]], Peak] = {}
        notes.update(dict.fromkeys(caveats(hardware)))
        if conventions.vector_roof and not self.vector:
            notes[f"{hardware.name} has no known vector peak; vector work is billed at its matrix peak."] = None

    def of(self, operands: tuple[str, ...], shares: tuple[FormatShare, ...] = ()) -> Peak:
        """Peak for operands of some storage kinds; that of the vector lanes where there are none.

        Where an operator has several formats, its work takes what the shares take one after the other.
        """
        key = operands, shares
        if key not in self._known:
            peaks = [(share, self._found(operands, share)) for share in shares or (None,)]
            times = sum((share.share if share else 1.0) / found.flops_per_s for share, found in peaks)
            first = peaks[0][1]
            self._known[key] = first if len(peaks) == 1 else first._replace(flops_per_s=1 / times)
        return self._known[key]

    def _found(self, operands: tuple[str, ...], share: FormatShare | None) -> Peak:
        if not operands and self.vector:
            return Peak("vector", self.vector)
        answer = self._dense(operands, share)
        sparsity = share.sparsity if share and share.sparsity != DENSE else self._sparsity
        if not sparsity.is_structured or {*operands}.isdisjoint(WEIGHTS):
            return answer
        speed = structured_speed(self._hardware.architecture, answer.format)
        if speed == 1:
            note = f"{self._hardware.name} has no sparse {answer.format} units; 2:4 sparsity saves bytes alone."
            self._notes[note] = None
        return answer._replace(flops_per_s=answer.flops_per_s * speed)

    def _dense(self, operands: tuple[str, ...], share: FormatShare | None) -> Peak:
        if not self._conventions.peak_by_operator:
            p = self._precision
            return paper_peak(self._hardware, p.weights, p.activations, p.kv_cache)
        stored = self._stored
        if share:
            weights = dict.fromkeys((*WEIGHTS, "head"), share.weights)
            stored = stored | weights | {"activations": share.activations}
        pair = tuple(stored[kind] for kind in operands) or (WIDE, WIDE)
        answer, note = peak(self._hardware, pair), substitution(self._hardware, pair)
        if note:
            self._notes[note] = None
        return answer
