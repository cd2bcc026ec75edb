"""Broken configurations: those of the catalogue, with parts deleted, retyped, blown up or taken from other models.

Each is made from its number alone, so that one that fails is made again by its number as long as catalogue and readers
are the same. Keys are those of the catalogue and all that a reader may ask for.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import llm_roofline
from llm_roofline import models

READERS = Path(llm_roofline.__file__).parent / "models"


def words(folder: Path) -> set[str]:
    """What readers of a folder may ask for, known by the quotes around it: keys, methods and other values."""
    quoted = re.compile(r'"([a-z][\w.-]*)"')
    return {word for path in folder.rglob("*.py") for word in quoted.findall(path.read_text(encoding="utf-8"))}


CONFIGS = [dict(models[name].config) for name in models.names()]
KEYS = sorted(words(READERS).union(*CONFIGS))
SCHEMES = sorted(words(READERS / "quantization"))
PARTS = ("text_config", "vision_config", "quantization_config", "audio_config", "rope_scaling")
MANY, DEEP, DEEPEST_PLACE = 100_000, 600, 5
LARGEST = 2**63  # beyond it a number is not changed, but stays as it is


def nested(kind: type) -> Any:
    """Lists in lists, or objects in objects."""
    leaf: Any = 0
    for _ in range(DEEP):
        leaf = [leaf] if kind is list else {"a": leaf}
    return leaf


WIDTHS = [2, 4, 8, 16, 32, 128, -1]
NUMBERS = [0, 1, -1, 2, 3, 7, 10_000, 10_001, 2**31, 2**31 + 1, 2**63, 10**30, 10**4000]
FLOATS = [0.5, -0.0, 1.0, 1e308, -1e308, 5e-324, float("nan"), float("inf"), float("-inf")]
TEXTS = [
    "",
    "8",
    "1e9",
    "x" * MANY,
    "\0",
    "\ud800",
    "\u0664",
    "\u202e\u2028",
    "é{}%s",
    "\U0001f600",
    "re:(.*.*)*x$",
    "..",
]
PATTERNS = [
    "lm_head",
    "*",
    "Linear",
    "model.layers.1*",
    "re:.*mlp.*",
    r"-:.*\.(?:1[0-5])\..*",
    "re:(.*.*)*x$",
    "re:[",
    "(?P<a>",
]
SHAPES = [[], {}, [0], [None], [{}], {"": {}}, [1] * MANY, ["x"] * MANY, nested(list), nested(dict)]
NASTY = [*NUMBERS, *FLOATS, *TEXTS, *SHAPES, None, True, False]


def broken(number: int) -> dict[str, Any]:
    """The broken configuration of a number: one of the catalogue after one to five changes."""
    draw = random.Random(number)  # noqa: S311 - no secret
    fields = draw.choice(CONFIGS)
    for _ in range(draw.choice((1, 1, 2, 3, 5))):
        fields = draw.choice(CHANGES)(fields, draw)
    return fields


def delete(fields: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """Without an entry."""
    return changed(fields, draw, lambda container, key: container.pop(key))


def retype(fields: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """The same value as a text, in a list, in an object, as a float, as true or false."""
    kinds = (str, lambda v: [v], lambda v: {"value": v}, lambda v: float(len(str(v))), bool)
    return replaced(fields, draw, draw.choice(kinds))


def spoil(fields: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """A huge, negative, empty, endless or strange value."""
    return replaced(fields, draw, lambda _: draw.choice(NASTY))


def scale(fields: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """Another number, or a longer or shorter list."""

    def scaled(value: Any) -> Any:
        if isinstance(value, list):
            return draw.choice((value[:-1], value + value[-1:], value[:3] * 7, value * (MANY // max(len(value), 1))))
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LARGEST:
            return value
        return draw.choice((-value, value + 1, value * 2, value // 2, value * 10**9, float(value)))

    return replaced(fields, draw, scaled)


def plant(fields: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """A key that some model has, with any value, here or in a part."""
    key, value, part = draw.choice(KEYS), draw.choice(NASTY), draw.choice(PARTS)
    inner = fields.get(part)
    return fields | (
        {part: inner | {key: value}} if isinstance(inner, dict) and draw.random() > 1 / 2 else {key: value}
    )


def quantise(fields: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """Some quantisation, of which nothing need be true."""
    method = draw.choice(("gptq", "awq", "fp8", "bitsandbytes", "compressed-tensors", "modelopt", draw.choice(SCHEMES)))
    section = {draw.choice(SCHEMES): setting(draw) for _ in range(draw.randrange(8))} | {"quant_method": method}
    return fields | {draw.choice(("quantization_config", "quantization", draw.choice(KEYS))): section}


def setting(draw: random.Random, depth: int = 0) -> Any:
    """A width, a word, a nasty value, or what holds for modules of some names."""
    if depth == DEEPEST_PLACE or draw.random() < 2 / 3:
        return draw.choice((draw.choice(WIDTHS), draw.choice(SCHEMES), draw.choice(NASTY), True))
    names = draw.sample(draw.choice((PATTERNS, SCHEMES)), 3)
    return draw.choice((names, {name: setting(draw, depth + 1) for name in names}))


def mix(fields: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """Keys of another model: some, those that both have, all of them, or its type."""
    other = draw.choice(CONFIGS)
    keys = draw.sample([*other], min(len(other), draw.choice((1, 3, 9))))
    return draw.choice(
        (
            fields | {key: other[key] for key in keys},
            fields | {key: other[key] for key in keys if key in fields},
            fields | other | {"model_type": fields.get("model_type")},
            fields | {"model_type": other.get("model_type")},
        )
    )


def move(fields: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """A value under another key; or everything one floor up or down."""
    part, inner = draw.choice(PARTS), fields.get(draw.choice(PARTS))
    value = draw.choice([*fields.values(), None])
    return draw.choice(
        (
            fields | {draw.choice(KEYS): value},
            fields | {draw.choice(TEXTS): value},
            fields | {part: draw.choice(CONFIGS)},
            fields | {part: fields},
            fields | (inner if isinstance(inner, dict) else {}),
            {"model_type": fields.get("model_type"), part: fields},
        )
    )


CHANGES = (delete, retype, spoil, scale, plant, quantise, mix, move)


def places(fields: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Keys that lead to every entry of an object; of a list to the first three."""
    items = fields.items() if isinstance(fields, dict) else enumerate(fields[:3]) if isinstance(fields, list) else ()
    for key, value in items:
        yield (*before, key)
        if len(before) < DEEPEST_PLACE:
            yield from places(value, (*before, key))


def changed(fields: dict[str, Any], draw: random.Random, change: Callable[[Any, Any], object]) -> dict[str, Any]:
    """A copy on which a change was made of some entry."""
    copy = container = fields.copy()
    *way, last = draw.choice([*places(fields)] or [("model_type",)])
    for key in way:
        container[key] = container[key].copy()
        container = container[key]
    if fields:
        change(container, last)
    return copy


def replaced(fields: dict[str, Any], draw: random.Random, value: Callable[[Any], Any]) -> dict[str, Any]:
    """A copy in which another value stands in some place."""
    return changed(fields, draw, lambda container, key: container.__setitem__(key, value(container[key])))
