"""Two weights of every four, which sparse matrix units multiply faster."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...formats import Sparsity
from ..base import Technique

if TYPE_CHECKING:
    from ...serving import Plan

TWO_OF_FOUR = Sparsity(density=0.5, index_bits=0.5 * 2, is_structured=True)
"""Two bits for each weight that is left say where it stands: arXiv 2104.08378, section 3."""


@dataclass(frozen=True)
class StructuredSparsity(Technique):
    """2:4 sparsity; a device without units for it saves bytes alone, and a note says so."""

    name = "structured-sparsity"
    label = "2:4 sparsity"
    mechanism = (
        "Half the weights and two bits for each are stored, and sparse matrix units multiply them at twice the peak."
    )
    citation = "Mishra et al. 2021, arXiv 2104.08378"
    acts_on = "formats"
    rivals = "say which single weights are left out"
    never_raises = ("prefill_flops", "decode_flops")  # places of narrow weights take more than zeros save

    def plan(self, plan: Plan) -> Plan:
        """Store two of every four weights of every run."""
        return plan.with_runs(lambda run: replace(run, sparsity=TWO_OF_FOUR))
