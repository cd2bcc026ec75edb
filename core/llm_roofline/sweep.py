"""Sweeps: a scenario evaluated over a grid, as a labelled dataset."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import RooflineError, shown
from .evaluate import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import xarray as xr

    from .estimate import Estimate
    from .scenario import Scenario

QUANTITIES: dict[str, tuple[str, str, Callable[[Estimate], float]]] = {
    "ttft": ("s", "time to first token", lambda e: e.ttft),
    "tpot": ("s", "time per output token", lambda e: e.tpot),
    "latency": ("s", "time of a whole request", lambda e: e.latency),
    "tokens_per_s": ("1/s", "output tokens of the batch a second", lambda e: e.tokens_per_s),
    "prefill_flops": ("FLOP", "work of the prefill", lambda e: e.prefill.flops),
    "prefill_bytes": ("byte", "traffic of the prefill", lambda e: e.prefill.bytes),
    "decode_flops": ("FLOP", "work of the mean decode step", lambda e: e.decode.flops),
    "decode_bytes": ("byte", "traffic of the mean decode step", lambda e: e.decode.bytes),
    "memory_bytes": ("byte", "memory at the longest context", lambda e: e.memory.total_bytes),
    "fits": ("1", "stays within the usable memory", lambda e: e.memory.fits),
    "largest_batch": ("1", "largest batch that fits", lambda e: e.memory.largest_batch),
}
"""Variables of a sweep: unit, name for people, and how an estimate gives it."""


def sweep(scenario: Scenario, **axes: Sequence[Any]) -> xr.Dataset:
    """Evaluate a scenario over the product of axes.

    Parameters
    ----------
    scenario : Scenario
        The centre; what no axis names stays as it is.
    **axes : sequence
        Values of fields of ``Scenario.update``, such as ``batch_size=[1, 2, 4]`` or ``hardware=["a100-sxm-80gb",
        "h100-sxm"]``.

    Returns
    -------
    xarray.Dataset
        One variable for each of :data:`QUANTITIES`, each with its unit in ``attrs["units"]``.

    Raises
    ------
    RooflineError
        If an axis is empty, unknown, or holds a value that is not accepted.

    Examples
    --------
    >>> from llm_roofline import Scenario, hardware, models, sweep
    >>> s = Scenario(models["meta-llama/Llama-3.1-8B"], hardware["h100-sxm"])
    >>> dict(sweep(s, batch_size=[1, 2, 4], weights=["bf16", "int4"]).sizes)
    {'batch_size': 3, 'weights': 2}
    """
    import xarray as xr  # noqa: PLC0415 - only a sweep needs it, and it takes longer to import than all the rest

    for name, axis in axes.items():
        if isinstance(axis, str) or not isinstance(axis, Iterable):
            raise RooflineError(f"The axis {name!r} of the sweep must be a sequence of values (got {shown(axis)}).")
    values = {name: list(axis) for name, axis in axes.items()}
    for name, axis in values.items():
        if not axis:
            raise RooflineError(f"The axis {name!r} of the sweep is empty; give at least one value.")
    shape = tuple(len(axis) for axis in values.values())
    estimates = [
        evaluate(scenario.update(**dict(zip(values, point, strict=True)))) for point in product(*values.values())
    ]
    data = {
        name: (
            tuple(values),
            np.array([of(e) for e in estimates]).reshape(shape),
            {"units": unit, "long_name": long_name},
        )
        for name, (unit, long_name, of) in QUANTITIES.items()
    }
    return xr.Dataset(data, coords={name: [_label(v) for v in axis] for name, axis in values.items()})


def _label(value: Any) -> Any:  # noqa: ANN401 - an axis may hold anything that has a name
    return getattr(value, "name", value)
