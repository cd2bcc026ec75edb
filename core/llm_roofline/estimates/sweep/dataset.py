"""Sweeps: a scenario evaluated over a grid, as a labelled dataset."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from ...models import Workload
from ..evaluate import evaluate
from ..planning import planned
from ..quantities import SWEPT
from ..words import RESOURCES
from .chunked import chunked
from .sweep_axes import WORK, checked, labels, requests
from .workloads import quantities, runs_together

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from ..scenario import Scenario
    from .sweep_axes import Axes

_WORD = np.dtype(f"U{max(map(len, RESOURCES))}")
_TYPES = {"fits": np.dtype(bool), "largest_batch": np.dtype(np.int64), "prefill_bound": _WORD, "decode_bound": _WORD}
"""Types of variables that are no float64."""


def sweep(scenario: Scenario, *, chunks: Mapping[str, int] | str | None = None, **axes: Sequence[Any]) -> xr.Dataset:
    """Evaluate a scenario over the product of axes.

    Batch and tokens are arrays of one evaluation; every other axis, such as a format or a device, is one evaluation a
    value. Requests that do not run together, as under continuous batching, are evaluated one by one.

    Parameters
    ----------
    scenario : Scenario
        The centre; what no axis names stays as it is.
    chunks : mapping or str, optional
        Values of each axis in a chunk, such as ``{"hardware": 1}``, or ``"auto"``: the dataset is of Dask arrays then,
        which Dask or a cluster of it computes. Left out, everything is computed at once.
    **axes : sequence
        Values of fields of ``Scenario.update``, such as ``batch_size=[1, 2, 4]`` or ``hardware=["a100-sxm-80gb",
        "h100-sxm"]``; each of ``techniques=["medusa", ["medusa", "fused-qkv"]]`` is one technique, or several together.

    Returns
    -------
    xarray.Dataset
        One variable for each of :data:`QUANTITIES`, each with its unit in ``attrs["units"]``, and the bound and the
        memory-bound share of both phases.

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
    values = checked(axes)
    return _dataset(scenario, values) if chunks is None else chunked(_dataset, scenario, values, chunks)


def _dataset(scenario: Scenario, axes: Axes) -> xr.Dataset:
    import xarray as xr  # noqa: PLC0415 - only a sweep needs it, and it takes longer to import than all the rest

    data = {
        name: (tuple(axes), values, {"units": SWEPT[name].unit, "long_name": SWEPT[name].label})
        for name, values in arrays(scenario, axes).items()
    }
    return xr.Dataset(data, coords=labels(axes))


def arrays(scenario: Scenario, axes: Axes) -> dict[str, NDArray[Any]]:
    """Variables of :data:`SWEPT` over the product of axes.

    Parameters
    ----------
    scenario : Scenario
        The centre.
    axes : mapping
        Values by field.
    """
    from tqdm.auto import tqdm  # noqa: PLC0415 - as xarray

    shape = tuple(len(axis) for axis in axes.values())
    variables: dict[str, NDArray[Any]] = {name: np.empty(shape, _TYPES.get(name, np.dtype(float))) for name in SWEPT}
    others = [name for name in axes if name not in WORK]
    with tqdm(total=math.prod(shape), unit=" points", desc="sweep", delay=1, leave=False) as bar:
        for place in product(*(range(len(axes[name])) for name in others)):
            at = dict(zip(others, place, strict=True))
            chosen = scenario.update(**{name: axes[name][i] for name, i in at.items()})
            values = _of_requests(chosen, axes, bar.update)
            part: tuple[Any, ...] = tuple(at.get(name, slice(None)) for name in axes)
            for name, array in variables.items():
                array[part] = values[name].reshape(array[part].shape)
    return variables


def _of_requests(scenario: Scenario, axes: Axes, advance: Callable[[int], object]) -> dict[str, NDArray[Any]]:
    """Variables of a scenario under the workloads of the axes."""
    plan = planned(scenario)
    asked = requests(scenario.workload, (scenario.model, plan.model), axes)
    if runs_together(plan):
        advance(len(asked.batch_size))
        return quantities(scenario, plan, asked)
    values: dict[str, list[float]] = {name: [] for name in SWEPT}
    for point in np.stack(asked, axis=-1).tolist():
        e = evaluate(replace(scenario, workload=Workload(*point)))
        for name, entry in SWEPT.items():
            values[name].append(entry.of(e))
        advance(1)
    return {name: np.array(column) for name, column in values.items()}
