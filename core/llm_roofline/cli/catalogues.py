"""Lists of what the command knows by name."""

from __future__ import annotations

import math

from rich.console import Group, RenderableType

from ..basics import quantity
from ..devices import data_sheet, hardware
from ..models import models
from ..techniques import CATEGORIES, techniques
from .tables import Fitting, pairs
from .text import line


def model_list() -> Fitting:
    """Every model with its size, that of its layers which predict further tokens apart, and its longest context."""
    rows = list(models.values())
    columns = {
        "model": [m.name for m in rows],
        "family": [m.family for m in rows],
        "parameters": [quantity(m.parameters, "") for m in rows],
        "MTP": [quantity(m.predictor.parameters, "") if m.predictor else "" for m in rows],
        "context": [f"{m.context_limit:,}" if m.context_limit else "–" for m in rows],
    }
    return Fitting(columns, ("MTP", "family", "context", "parameters"))


def device_list() -> Fitting:
    """Every device with its memory and its dense peaks."""
    rows = list(hardware.values())
    columns = {
        "hardware": [d.name for d in rows],
        "device": [d.title for d in rows],
        "memory": [quantity(d.memory_bytes, "B") for d in rows],
        "bandwidth": [quantity(d.memory_bandwidth, "B/s") for d in rows],
        **{
            f: [quantity(d.peak_flops_per_s.get(f, math.nan), "FLOP/s") for d in rows]
            for f in ("bf16", "fp16", "fp8", "int8")
        },
    }
    return Fitting(columns, ("device", "fp8", "int8", "fp16", "bf16", "bandwidth"))


def device_sheet(name: str) -> RenderableType:
    """Every figure that is known of a device, and where it comes from.

    Parameters
    ----------
    name : str
        Name of the catalogue.
    """
    return pairs(data_sheet(hardware[name]))


def technique_list() -> Group:
    """Every technique by category, with its parameters and what it does."""
    rows = []
    for category in CATEGORIES.values():
        rows.append(line(f"\n{category.capitalize()}", "bold"))
        for technique in techniques.values():
            if technique.category == category:
                defaults = ",".join(f"{name}={value}" for name, value in technique.values.items())
                rows.append(line(f"{technique.name}{defaults and ':'}{defaults}", ""))
                rows.append(line(f"    {technique.mechanism}", "dim"))
    return Group(*rows)
