"""Where the values of older versions are now, so that what these pickled opens.

The names stand in ``sys.modules`` before anybody asks for them: a module that is imported in the common way would take
the place of a public name such as ``llm_roofline.hardware``. Imported by the package, and by nothing else.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from . import estimates, models
from .models import model

PLACES = {
    "checkpoint": "models.stored",
    "checkpoint.stored": "models.stored",
    "compile": "roofline.compile",
    "conventions": "formats.conventions",
    "estimate": "_moved",
    "features": "operators.counts",
    "features.at_most": "operators.counts.at_most",
    "features.base": "operators.counts.base",
    "features.compressed": "operators.counts.compressed",
    "features.counts": "operators.counts.tokens",
    "features.experts": "operators.counts.experts",
    "features.latent": "operators.counts.latent",
    "features.merged": "operators.counts.merged",
    "features.reread": "operators.counts.reread",
    "features.selected": "operators.counts.selected",
    "features.skewed": "operators.counts.skewed",
    "features.source": "operators.counts.source",
    "features.touched": "operators.counts.touched",
    "features.visible": "operators.counts.visible",
    "hardware": "devices.hardware",
    "machine": "devices.machine",
    "memory": "estimates.memory",
    "model": "models.model",
    "plan": "serving.plan",
    "precision": "formats.precision",
    "scenario": "estimates.scenario",
    "schedule": "serving.schedule",
    "sparsity": "formats.sparsity",
    "table": "estimates.table",
    "workload": "models.workload",
}
"""Old module of a value, and the one that has it now."""
NAMES = {
    "Apart": "Disaggregated",
    "Counts": "Cost",
    "Mixed": "Chunked",
    "Together": "Static",
    "Unequal": "Uneven",
}
"""Values that have another name now."""
INSIDE = {("operators.base", "Counts"): ("operators.cost", "Cost")}
"""Values that have left a module that is still there."""


class Estimate(estimates.Estimate):
    """An estimate that an older version pickled; it opens as what its scenario gives now."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Evaluate the scenario, whatever else was kept."""
        self.__dict__.update(estimates.evaluate(state["scenario"]).__dict__)


class Model(model.Model):
    """A model that an older version pickled; it opens as its configuration is read now, if that has the same layers."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Read the configuration again."""
        read = models.load_model(dict(state["config"]), state["name"])
        same = [(b.name, b.layers) for b in read.blocks] == [(b.name, b.layers) for b in state["blocks"]]
        self.__dict__.update(read.__dict__ | ({"stored": state["stored"]} if same else state))


READ_AGAIN = {"Model": Model}
"""Values that open as what is made of their state now."""
Phase = estimates.Phase
"""Stood beside it."""


class _Place(ModuleType):
    """An old module: each of its names is looked up where it is now."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"{__package__}.{old}", f"What is in ``{__package__}.{new}`` now.")
        self._new = new

    def __getattr__(self, name: str) -> object:
        """The value of a name."""
        if name.startswith("__"):
            raise AttributeError(name)
        if name in READ_AGAIN:
            return READ_AGAIN[name]
        return getattr(import_module(f"{__package__}.{self._new}"), NAMES.get(name, name))


def open_old_places() -> None:
    """Let the old modules be found."""
    for old, new in PLACES.items():
        sys.modules.setdefault(f"{__package__}.{old}", _Place(old, new))
    for (old, name), (new, now) in INSIDE.items():
        setattr(import_module(f"{__package__}.{old}"), name, getattr(import_module(f"{__package__}.{new}"), now))
