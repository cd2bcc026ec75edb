"""Two weights of every four, which sparse tensor cores multiply at twice the peak."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...sparsity import Sparsity
from ..base import Technique

if TYPE_CHECKING:
    from ...hardware import Hardware
    from ...plan import Plan, Run

DENSITY, INDEX_BITS, SPEED = 0.5, 2 * 0.5, 2.0  # two bits for each weight that is left: arXiv 2104.08378, section 3
# Matrix units that skip the zeros: arXiv 2104.08378 for Ampere; for the others, datasheets of NVIDIA and AMD state a
# peak "with sparsity" of twice the dense one.
SPARSE_UNITS = ("Ampere", "Ada", "Hopper", "Blackwell", "CDNA3", "CDNA4")


@dataclass(frozen=True)
class StructuredSparsity(Technique):
    """2:4 sparsity."""

    name = "structured-sparsity"
    label = "2:4 sparsity"
    mechanism = (
        "Half the weights and two bits for each are stored, and sparse matrix units multiply them at twice the peak."
    )
    citation = "Mishra et al. 2021, arXiv 2104.08378"
    acts_on = "formats"
    rivals = "say which single weights are left out"
    never_raises = ("ttft", "tpot", "prefill_bytes", "decode_bytes", "prefill_flops", "decode_flops", "memory_bytes")

    def plan(self, plan: Plan) -> Plan:
        """Store half the weights, and double the peak of the devices that have the units."""
        note = (
            ()
            if _has_units(plan.decode.machine.hardware)
            else (f"{plan.decode.machine.hardware.name} has no sparse matrix units; 2:4 sparsity saves bytes alone.",)
        )
        return replace(plan.with_runs(_sparse), notes=(*plan.notes, *note))


def _has_units(device: Hardware) -> bool:
    return device.architecture.startswith(SPARSE_UNITS)


def _sparse(run: Run) -> Run:
    return replace(run, sparsity=Sparsity(DENSITY, INDEX_BITS, SPEED if _has_units(run.machine.hardware) else 1.0))
