"""A step, one forward pass of the model, and the features of it that every count is linear in.

Prefill is ``Step(b, n, n)``, decode at context c ``Step(b, 1, c)``, a chunk of a chunked prefill
``Step(b, chunk, past + chunk)``: nothing below this line asks which phase it is. Imports NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Step:
    """One forward pass; each field may be an array, and they broadcast.

    Parameters
    ----------
    batch : array_like
        Sequences, shape ``(*sweep)`` [1].
    query_tokens : array_like
        New tokens of each sequence, shape ``(*sweep)`` [1].
    context_tokens : array_like
        Keys visible to the last new token, itself included, shape ``(*sweep)`` [1].
    prompt : array_like of bool
        Whether the new tokens are the prompt, shape ``(*sweep)`` [1]; only ``Conventions.paper`` asks.
    """

    batch: ArrayLike
    query_tokens: ArrayLike
    context_tokens: ArrayLike
    prompt: ArrayLike = False


class Feature(NamedTuple):
    """A number that a step has, such as its tokens; counts of operators are linear combinations of features.

    Parameters
    ----------
    name : str
        Which number, a key of the table in :func:`features`.
    window : int or None
        Width of the sliding window it is taken under [token]; None for full attention.
    """

    name: str
    window: int | None = None


ONE = Feature("1")
TOKENS = Feature("tokens")
PROMPT_TOKENS = Feature("prompt tokens")
SEQUENCES = Feature("sequences")


def pairs(window: int | None = None) -> Feature:
    """Visible (query, key) pairs of causal attention [1]."""
    return Feature("pairs", window)


def scores(window: int | None = None) -> Feature:
    """Elements of the score matrix of one head [1]: new tokens times visible keys, masked ones included."""
    return Feature("scores", window)


def context(window: int | None = None) -> Feature:
    """Keys that at least one new token sees [1]."""
    return Feature("context", window)


def features(step: Step, wanted: Sequence[Feature]) -> NDArray[np.float64]:
    """Values of features, shape ``(feature, *sweep)`` [1].

    A query at position p + i (i = 1 .. q, past p = c - q) sees min(p + i, window) keys; the sum over i is taken in
    closed form.

    Parameters
    ----------
    step : Step
        The step; arrays broadcast.
    wanted : sequence of Feature
        Which features, in which order.
    """
    b, q, c = np.broadcast_arrays(
        *(np.asarray(x, dtype=np.float64) for x in (step.batch, step.query_tokens, step.context_tokens))
    )
    return np.array([_feature(f, b, q, c, prompt=np.asarray(step.prompt)) for f in wanted]).reshape(
        len(wanted), *b.shape
    )


def _feature(  # noqa: PLR0911 - one a feature
    feature: Feature,
    b: NDArray[np.float64],
    q: NDArray[np.float64],
    c: NDArray[np.float64],
    *,
    prompt: NDArray[np.bool_],
) -> NDArray[np.float64]:
    name, window = feature
    width = np.inf if window is None else float(window)
    match name:
        case "1":
            return np.ones_like(b)
        case "sequences":
            return b
        case "tokens":
            return b * q
        case "prompt tokens":
            return b * q * prompt
        case "pairs":
            past = c - q
            growing = np.clip(width - past, 0.0, q)  # queries that still see everything before them
            capped = 0.0 if window is None else (q - growing) * width
            return b * (growing * past + growing * (growing + 1) / 2 + capped)
        case "scores":
            return b * q * np.minimum(c, width + q - 1)
        case "context":
            return b * np.minimum(c, width + q - 1)
    raise AssertionError(feature)
