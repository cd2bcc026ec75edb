"""How far a scaling of RoPE stretches the context that a model was built for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..basics import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .config import Config

KEYS = ("rope_parameters", "rope_scaling")
STRETCHING = ("linear", "dynamic", "yarn")
"""Types whose factor says how many times longer the context is; files name variants of them, as ``deepseek_yarn``."""
ORIGINAL = "original_max_position_embeddings"
MOST = 2**20  # a factor of any use is a few dozen


def stretched(config: Config, limit: int | None) -> int | None:
    """Longest context of a model whose RoPE may be scaled [token]; None where it is not known.

    Linear and dynamic scaling and YaRN read contexts of factor times the original length (arXiv 2306.15595, 2309.00071;
    "Utilities for Rotary Embedding" of Transformers). Files that state a longer limit state the stretched one, as those
    of DeepSeek do; with ``llama3`` and ``longrope`` all do.

    Parameters
    ----------
    config : Config
        The configuration, or its part on text.
    limit : int or None
        The limit that it states [token].
    """
    return max((reach for reach in (limit, *_reaches(config, limit)) if reach is not None), default=None)


def _reaches(config: Config, limit: int | None) -> Iterator[int]:
    """Longest context of each scaling, of which kinds of layers may have their own [token]."""
    for key in KEYS:
        if config.fields.get(key) is None:
            continue
        whole = config.part(key)
        kinds = [whole.part(name) for name, inner in whole.fields.items() if isinstance(inner, dict)]
        for part in (whole, *kinds):
            factor = _factor(part)
            original = factor and (part.optional_count(ORIGINAL) or config.optional_count(ORIGINAL) or limit)
            if factor and original:
                yield int(factor * original)


def _factor(part: Config) -> float | None:
    """By how much a scaling stretches the context [1]; None where it does not."""
    named, factor = part.text("rope_type") or part.text("type") or "", part.fields.get("factor")
    if factor is None or not any(word in named for word in STRETCHING):
        return None
    if isinstance(factor, bool) or not isinstance(factor, int | float) or not 0 < factor <= MOST:
        part.problem(f"'factor' must be a number above 0, of at most {MOST:,} (got {shown(factor)}).")
        return None
    return float(factor)
