"""Axes of a sweep: checked, and told apart into those of the workload and those that need another plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from ...basics import RooflineError, shown
from ...formats import Conventions
from ...models import Requests, Workload, refuse_beyond
from ...techniques import combined, techniques

if TYPE_CHECKING:
    from ...models import Model

WORK = tuple(field.name for field in fields(Workload))
"""Axes that are arrays of an evaluation."""

Axes = Mapping[str, list[Any]]


def checked(axes: Mapping[str, object]) -> Axes:
    """The values of every axis.

    Parameters
    ----------
    axes : mapping
        A sequence for each; one of techniques holds lists of them, or single ones.

    Raises
    ------
    RooflineError
        If one is none, or empty, or a technique is not accepted.
    """
    for name, axis in axes.items():
        if isinstance(axis, str) or not isinstance(axis, Iterable):
            raise RooflineError(f"The axis {name!r} of the sweep must be a sequence of values (got {shown(axis)}).")
    values = {name: list(axis) for name, axis in axes.items() if isinstance(axis, Iterable)}
    for name, axis in values.items():
        if not axis:
            raise RooflineError(f"The axis {name!r} of the sweep is empty; give at least one value.")
    if "techniques" in values:
        several = [value if isinstance(value, list | tuple) else [value] for value in values["techniques"]]
        values["techniques"] = [combined(chosen, techniques) for chosen in several]
    return values


def labels(axes: Axes) -> dict[str, list[Any]]:
    """What stands at the places of every axis, a number or a text for each value.

    Parameters
    ----------
    axes : mapping
        Values by field, as :func:`checked` returns them.
    """
    return {name: [_label(value) for value in axis] for name, axis in axes.items()}


def _label(value: object) -> object:
    if isinstance(value, tuple):
        return " + ".join(technique.written for technique in value) or "none"
    if isinstance(value, Conventions):
        value = value.differences() or "standard"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={switch}" for name, switch in value.items())
    return getattr(value, "name", value)


def requests(centre: Workload, models: Iterable[Model], axes: Axes) -> Requests:
    """Workloads of the axes of the workload, in their order, the last one fastest.

    Parameters
    ----------
    centre : Workload
        What no axis names.
    models : iterable of Model
        Say which are too long.
    axes : mapping
        All axes of a sweep; those of no workload are left out.

    Raises
    ------
    WorkloadError
        If one is not accepted.
    """
    work_axes = {
        name: [getattr(replace(centre, **{name: v}), name) for v in axes[name]] for name in axes if name in WORK
    }
    largest = replace(centre, **{name: max(values) for name, values in work_axes.items()})
    for model in models:
        try:
            refuse_beyond(model, largest)
        except RooflineError:
            for point in product(*work_axes.values()):  # the first that is too long says so
                refuse_beyond(model, replace(centre, **dict(zip(work_axes, point, strict=True))))
    grid = dict(zip(work_axes, np.meshgrid(*work_axes.values(), indexing="ij"), strict=True)) if work_axes else {}
    size = int(np.prod([len(values) for values in work_axes.values()]))
    return Requests(*(np.ravel(grid.get(n, np.full(size, getattr(centre, n)))) for n in WORK))
