"""The counts of one model as they stand in the tables, and in more detail for people."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from . import diffusion, nas
from .build import build, parameters, text_parts
from .fields import STAND_INS
from .passes import passes, seen, source_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .passes import Flops

NOTES = {"dit": diffusion.NOTE, "nemotron-nas": nas.NOTE} | {
    model_type: f"counted as {name}: {why}" for model_type, (name, why) in STAND_INS.items()
}


def counts(config: dict[str, Any]) -> dict[str, Any]:
    """Parameters, and matmul FLOP of every pass by kind."""
    model = build(config)
    text = parameters(*text_parts(model))
    found: dict[str, Any] = {"parameters": text}
    if "vision_config" in config:
        found["vision_parameters"] = parameters(model) - text
    if source := source_tokens(model):
        found["source_tokens"] = source
    found |= {name: by_kind(flops) for name, flops in passes(model).items()}
    if note := NOTES.get(config["model_type"]):
        found["notes"] = note
    return found


def vision_counts(config: dict[str, Any]) -> dict[str, Any]:
    """Matmul FLOP of the vision tower by kind, and the patches of each image that it ran over; nothing without one."""
    if "vision_config" not in config:
        return {}
    flops, patches = seen(build(config))
    return {"vision": by_kind(flops), "vision_tokens": patches}


def by_kind(flops: Flops) -> dict[str, int]:
    """Matmul FLOP by kind, and the total, which leaves convolutions out."""
    kinds: Counter[str] = Counter()
    for (_, kind), count in flops.items():
        kinds[kind] += count
    return {"total": kinds.total() - kinds["convolution"]} | {kind: n for kind, n in kinds.items() if n}


def by_module(config: dict[str, Any]) -> Iterator[str]:
    """Lines that tell parameters and matmul FLOP by module, equal layers summed."""
    model = build(config)
    stored: Counter[str] = Counter()
    for name, parameter in model.named_parameters():
        stored[any_layer(name)] += parameter.numel()
    yield "parameters"
    yield from (f"{count:>20,}  {name}" for name, count in stored.items())
    for name, flops in passes(model).items():
        summed: Counter[tuple[str, str]] = Counter()
        for (module, kind), count in flops.items():
            summed[any_layer(module), kind] += count
        yield f"FLOP of {name}"
        yield from (f"{count:>20,}  {kind:<12} {module}" for (module, kind), count in summed.items())


def any_layer(name: str) -> str:
    """Name of a module with its numbers as stars."""
    return re.sub(r"\.\d+(?=\.|$)", ".*", name)
