"""Pruning of single weights, wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...formats import DENSE, Sparsity
from ..base import Technique
from ..parameters import number

if TYPE_CHECKING:
    from ...serving import Plan

BITMAP = 1  # says for each weight whether it is stored [bit]


@dataclass(frozen=True)
class UnstructuredPruning(Technique):
    """Weights are loaded sparse, with a bitmap, and multiplied dense."""

    name = "unstructured-pruning"
    label = "unstructured pruning"
    mechanism = (
        "Only the weights left, and a bitmap, are stored and loaded; the units multiply dense, so the FLOP stay."
    )
    citation = "SparseGPT, arXiv 2301.00774; Flash-LLM, arXiv 2309.10285: load as sparse, compute as dense"
    acts_on = "formats"
    neutral = {"sparsity": 0.0}
    never_raises = ("prefill_flops", "decode_flops")  # a few zeros cost more in the bitmap than they save
    rivals = "say which single weights are left out"

    sparsity: float = number(0.5, "share of the weights left out", 0, 1)

    def plan(self, plan: Plan) -> Plan:
        """Store a share of the weights of every run."""
        stored = Sparsity(1 - self.sparsity, BITMAP) if self.sparsity else DENSE
        return plan.with_runs(lambda run: replace(run, sparsity=stored))
