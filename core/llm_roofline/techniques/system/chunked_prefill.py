"""Prompts that are read in chunks, each along with a decode step of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...basics import TechniqueError
from ...serving import Chunked
from ..base import Technique
from ..parameters import count
from ..refusals import decoders_alone

if TYPE_CHECKING:
    from ...serving import Plan


@dataclass(frozen=True)
class ChunkedPrefill(Technique):
    """A pass runs a chunk of one prompt and a decode step of every other request."""

    name = "chunked-prefill"
    label = "chunked prefill"
    mechanism = (
        "A pass runs a chunk of one prompt and a decode step of all others, which load the weights once for both, "
        "so that no request stalls."
    )
    citation = "Sarathi-Serve, Agrawal et al. 2024, arXiv 2403.02310"
    acts_on = "serving"
    rivals = "say which requests run together"

    chunk: int = count(512, "tokens of a chunk", low=1, unit="token")

    def plan(self, plan: Plan) -> Plan:
        """Cut the prompts, and mix their chunks with decode steps.

        Raises
        ------
        TechniqueError
            If a technique has given prefill and decode different layers or devices.
        """
        decoders_alone(plan, self)
        if plan.prefill is not plan.decode:
            raise TechniqueError(
                "chunked prefill runs both phases in one pass, and another technique gives them different layers."
            )
        return plan.with_schedule(chunk_tokens=self.chunk, prefill_alone=True, mixed=True, serving=Chunked())
