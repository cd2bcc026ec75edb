"""Many workloads of one plan at once."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...operators.counts import Shape
from ...serving.plan import Allocation
from ...serving.schedule import Schedule
from ..memory import USABLE, weight_bytes
from .totals import Totals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...serving.plan import Plan

BLOCK = 2048
"""Workloads that are computed at a time [1]: their arrays stay in the cache of a core, and memory is bounded."""
COLUMNS = 8
"""A block is padded to a multiple of so many workloads [1].

A product of matrices takes other paths through the last columns than through those before, and rounds otherwise there.
Padded, a workload gives the same bits wherever it stands, and so a sweep in chunks those of the whole.
"""


class Workloads(NamedTuple):
    """Workloads, fields of shape ``(workload,)`` [1]."""

    batch: NDArray[np.float64]
    prompt: NDArray[np.float64]
    output: NDArray[np.float64]


def is_plain(plan: Plan) -> bool:
    """Whether the requests of a plan run together, so that :class:`Grid` has their times."""
    return plan.schedule == Schedule() and plan.allocation == Allocation() and plan.draft is None


class Grid:
    """A plan whose requests run together, on many workloads.

    Parameters
    ----------
    plan : Plan
        What runs; :func:`is_plain`.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._prefill, self._decode = Totals(plan.prefill), Totals(plan.decode)
        self._encoder = Totals(plan.encoder) if plan.encoder else None
        self._weights = weight_bytes(plan)
        self._usable = USABLE * plan.decode.machine.hardware.memory_bytes
        self._vision_live = 0.0
        if plan.vision and plan.model.vision:
            one, tokens = np.ones(1), np.array([float(plan.model.vision.tokens or 0)])
            tower = Totals(plan.vision)
            self._vision_live = float(tower.live(tower.values(Shape(one, tokens, tokens, 0 * one, 0 * one)))[0])

    def quantities(self, work: Workloads) -> dict[str, NDArray[Any]]:
        """Variables of :data:`llm_roofline.estimates.sweep.dataset.QUANTITIES`, each of shape ``(workload,)``.

        Parameters
        ----------
        work : Workloads
            As many as one likes; blocks of :data:`BLOCK` are computed at a time.
        """
        count = len(work.batch)
        padded = Workloads(*(np.pad(field, (0, -count % COLUMNS), mode="edge") for field in work))
        parts = [
            self._block(Workloads(*(field[start : start + BLOCK] for field in padded)))
            for start in range(0, count, BLOCK)
        ]
        return {name: np.concatenate([part[name] for part in parts])[:count] for name in parts[0]}

    def _block(self, work: Workloads) -> dict[str, NDArray[Any]]:
        batch, prompt, output = work
        one = np.ones_like(batch)
        first = one if self._encoder else prompt
        read = self._prefill.values(self._shape(work, batch, first, first, one))
        ttft = self._prefill.time(read)
        if self._encoder:
            ttft = ttft + self._encoder.time(self._encoder.values(Shape(batch, prompt, prompt, 0 * one, 0 * one)))
        tpot, mean = self._mean_step(work, first)
        latency = ttft + (output - 1) * tpot
        prefill, decode = self._prefill.sums(read), self._decode.sums(mean)
        kept, live = self._of_one(work, first)
        total = self._weights + batch * kept + batch * live
        return {
            "ttft": ttft,
            "tpot": tpot,
            "latency": latency,
            "tokens_per_s": batch * output / latency,
            "tokens_per_s_per_device": batch * output / latency / self._plan.devices,
            "prefill_flops": prefill[0],
            "prefill_bytes": prefill[1],
            "decode_flops": decode[0],
            "decode_bytes": decode[1],
            "memory_bytes": total,
            "fits": total <= self._usable,
            "largest_batch": np.maximum(np.floor((self._usable - self._weights) / (kept + live)), 0).astype(np.int64),
        }

    def _mean_step(
        self, work: Workloads, first: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Time and features of the mean decode step, stretch by stretch of steps without a bend."""
        steps, one = np.maximum(work.output - 1, 1), np.ones_like(first)
        start, last = first + 1, first + steps
        features, least, most = self._decode.run.structure.features, int(start.min()), int(last.max())
        bends = sorted({bend for feature in features for bend in feature.bends(least, most)})
        time, total = np.zeros_like(first), np.zeros((len(features), len(first)))
        for before, bend in pairwise([least - 1, *bends, most]):
            low, high = np.maximum(start, before + 1), np.minimum(last, bend)
            lengths = np.maximum(high - low + 1, 0)
            if lengths.any():
                low, high = np.minimum(low, last), np.maximum(high, start)  # of an empty stretch, anything
                begin, end = (
                    self._decode.values(self._shape(work, work.batch, one, at, 0 * one)) for at in (low, high)
                )
                time += self._decode.time_between(begin, end, lengths)
                total += (begin + end) * (lengths / 2)
        return time / steps, total / steps

    def _of_one(self, work: Workloads, first: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What a sequence keeps, and the largest set of its results that are alive at once [byte]."""
        one = np.ones_like(first)
        read = self._prefill.values(self._shape(work, one, first, first, one))
        output = work.output if self._plan.decode.conventions.output_memory else 0 * one
        last = self._decode.values(self._shape(work, one, one, first + output, 0 * one))
        live = np.maximum(np.maximum(self._prefill.live(read), self._decode.live(last)), self._vision_live)
        if self._encoder:
            source = self._encoder.values(Shape(one, work.prompt, work.prompt, 0 * one, 0 * one))
            live = np.maximum(live, self._encoder.live(source))
        return self._decode.kept(last), live

    def _shape(
        self,
        work: Workloads,
        batch: NDArray[np.float64],
        query: NDArray[np.float64],
        context: NDArray[np.float64],
        prompt: NDArray[np.float64],
    ) -> Shape:
        """Passes of the model itself."""
        if self._plan.model.diffuses:
            query = context = work.prompt
        return Shape(batch, query, context, prompt, work.prompt if self._encoder else np.zeros_like(batch))
