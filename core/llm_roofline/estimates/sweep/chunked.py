"""A sweep in chunks that any Dask cluster computes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .sweep_axes import WORK, labels, requests

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    import xarray as xr

    from ..scenario import Scenario
    from .sweep_axes import Axes

    Whole = Callable[[Scenario, Axes], xr.Dataset]


def chunked(whole: Whole, scenario: Scenario, axes: Axes, chunks: Mapping[str, int] | str) -> xr.Dataset:
    """Dataset on Dask arrays, of which each chunk is a sweep of its own.

    Parameters
    ----------
    whole : callable
        Makes the dataset of a scenario and axes.
    scenario : Scenario
        The centre.
    axes : mapping
        Values by field.
    chunks : mapping or str
        Values of each axis in a chunk [1], or ``"auto"`` as Dask has it.

    Raises
    ------
    RooflineError
        If an axis holds a value that is not accepted: now, not on the cluster.
    """
    import dask.array as da  # noqa: PLC0415 - only chunks need it
    import xarray as xr  # noqa: PLC0415 - as in sweep

    first = scenario.update(**{name: axis[0] for name, axis in axes.items() if name not in WORK})
    requests(first.workload, (first.model,), axes)
    for name in axes:
        if name not in WORK:
            for value in axes[name]:
                first.update(**{name: value})
    shape = tuple(len(axis) for axis in axes.values())
    sizes = tuple(chunks.get(name, -1) for name in axes) if not isinstance(chunks, str) else chunks
    places: dict[Hashable, Any] = {name: range(len(axis)) for name, axis in axes.items()}
    first_point = whole(scenario, {name: axis[:1] for name, axis in axes.items()})
    template = xr.Dataset(
        {n: (tuple(axes), da.empty(shape, chunks=sizes, dtype=v.dtype), v.attrs) for n, v in first_point.items()},
        coords=places,
    )
    index = template["ttft"].rename("index")

    def part(block: xr.DataArray) -> xr.Dataset:
        at = {str(name): block[name].to_numpy() for name in block.dims}
        dataset = whole(scenario, {name: [axes[name][i] for i in positions] for name, positions in at.items()})
        return dataset.assign_coords(at)

    return xr.map_blocks(part, index, template=template).assign_coords(labels(axes))
