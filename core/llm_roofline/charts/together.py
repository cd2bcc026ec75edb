"""Time of the passes that a picture shows together, operator by operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..estimates import shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..estimates import Estimate


class Sums(NamedTuple):
    """Operators of all passes; those of one name, such as the projections of a model and of its draft model, add up.

    Parameters
    ----------
    names, kinds, bounds : tuple of str
        One an operator; what binds it in each pass, the first one first.
    layers : ndarray
        Layers that run it, shape ``(op,)`` [1].
    flops, bytes, time : ndarray
        Its work, traffic and time, shape ``(op,)`` [FLOP, byte or s].
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    bounds: tuple[str, ...]
    layers: NDArray[np.float64]
    flops: NDArray[np.float64]
    bytes: NDArray[np.float64]
    time: NDArray[np.float64]


def together(estimate: Estimate, phase: str) -> Sums:
    """Sums over the passes of a phase, in the order of the last one's operators.

    Parameters
    ----------
    estimate : Estimate
        The estimate.
    phase : str
        One of :data:`llm_roofline.charts.points.PHASES`.
    """
    parts = shown(estimate, phase)
    tables = [part.phase.operators for part in parts]
    kinds = {name: kind for table in tables for name, kind in zip(table.name, table.kind, strict=True)}
    names = tuple(dict.fromkeys(name for table in reversed(tables) for name in table.name))
    place = {name: at for at, name in enumerate(names)}
    columns = np.zeros((4, len(names)))
    bounds: list[dict[str, None]] = [{} for _ in names]
    for (_, _, times), table in zip(parts, tables, strict=True):
        at = [place[name] for name in table.name]
        columns[0, at] = table.count
        columns[1:, at] += times * np.array((table.flops, table.bytes, table.time))
        for position, bound in zip(at, table.bound.tolist(), strict=True):
            bounds[position][bound] = None
    return Sums(names, tuple(kinds[name] for name in names), tuple("/".join(b) for b in bounds), *columns)
