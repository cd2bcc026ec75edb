"""Write what the cache of each model with states holds of a sequence, by type.

    .referee/bin/python -m tests.referee.states CONFIG_DIR     writes tests/referee/states.json

Elements of recurrent states, and of the last tokens that convolutions see, of all layers together, after a prompt and
one more token, and the types that they have where the weights have 16 bit.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from . import patches
from .build import build, text_parts
from .keys import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).with_name("states.json")
PROMPT_TOKENS = 40


def held(model: Any) -> dict[str, dict[str, int]]:
    """Elements by what they are and by type; empty where a cache holds keys and values alone."""
    found: dict[str, Counter[str]] = {}
    for what, tensor in states(cached(model)):
        found.setdefault(what, Counter())[str(tensor.dtype).removeprefix("torch.")] += tensor.numel()
    return {what: dict(elements) for what, elements in found.items()}


def cached(model: Any) -> Any:
    """The cache of one sequence after a prompt and one more token."""
    text, *_ = text_parts(model)
    cache: Any = None
    for count in (PROMPT_TOKENS, 1):
        tokens = torch.zeros(1, count, dtype=torch.long, device="meta")
        cache = text(input_ids=tokens, use_cache=True, **({"cache": cache} if cache is not None else {})).cache
    return cache


def states(cache: Any) -> Iterator[tuple[str, torch.Tensor]]:
    """The states of a cache."""
    for layer in cache.layers:
        for what in ("recurrent_states", "conv_states"):
            for tensor in getattr(layer, what, {}).values():
                if tensor is not None:
                    yield what, tensor
    for tensor in getattr(cache, "linear_cache", ()):  # MiniMax's own
        if isinstance(tensor, torch.Tensor):
            yield "recurrent_states", tensor


def main() -> None:
    """Write the table."""
    patches.apply()
    table = {}
    for model_type, (_, config) in chosen(Path(sys.argv[1])).items():
        model = build(config)
        if not model.config.is_encoder_decoder and (found := held(model)):
            table[model_type] = found
    GOLDEN.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
