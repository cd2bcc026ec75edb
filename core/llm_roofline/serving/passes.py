"""The passes of a request: what the prefill and each decode step run over.

A decoder reads the prompt in its prefill, whole or in chunks, and grows by the tokens of a step. Behind an encoder the
prompt is the encoder's, and the decoder begins with one token. A diffusion transformer runs over all its tokens again
in every step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..basics.errors import TechniqueError
from ..operators.counts import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..models.model import Model
    from ..models.workload import Workload
    from .schedule import Schedule


class Pass(NamedTuple):
    """One forward pass; fields as in :class:`llm_roofline.operators.counts.Shape`, of single numbers."""

    batch: int
    query: int
    context: int
    prompt: bool
    source: int


def shape_of(passes: Iterable[Pass]) -> Shape:
    """Passes as arrays of shape ``(pass,)``.

    Parameters
    ----------
    passes : iterable of Pass
        The passes; many arrays made of one list take less time than one array made of each.
    """
    return Shape(*np.array([*passes], dtype=np.float64).T)


def first_context(model: Model, work: Workload) -> int:
    """Tokens that the model itself reads in its prefill [token].

    Parameters
    ----------
    model : Model
        The model.
    work : Workload
        The request.
    """
    return 1 if model.encoder else work.prompt_tokens


def prefill_passes(model: Model, work: Workload, plan: Schedule, batch: int) -> list[Pass]:
    """The passes of the prefill, one for each chunk.

    Parameters
    ----------
    model : Model
        The model.
    work : Workload
        The request.
    plan : Schedule
        Its chunks, and what is cached.
    batch : int
        Sequences of a pass [1].

    Raises
    ------
    TechniqueError
        If all of the prompt is cached, so that nothing would yield the first token.
    """
    whole, source = first_context(model, work), _source(model, work)
    past = 0 if model.encoder else plan.cached_tokens
    if past >= whole:
        raise TechniqueError(f"{past:,} cached tokens leave nothing of a prompt of {whole:,} to run.")
    chunk = plan.chunk_tokens or whole
    return [
        Pass(batch, min(chunk, whole - start), min(start + chunk, whole), True, source)
        for start in range(past, whole, chunk)
    ]


def decode_passes(model: Model, work: Workload, contexts: Iterable[int], query: int, batch: int) -> list[Pass]:
    """Decode steps, or steps of denoising.

    Parameters
    ----------
    model : Model
        The model.
    work : Workload
        The request.
    contexts : iterable of int
        Keys that the last token of each step sees [token].
    query : int
        Tokens of a step for each sequence [1].
    batch : int
        Sequences of a pass [1].
    """
    if model.diffuses:
        return [Pass(batch, work.prompt_tokens, work.prompt_tokens, False, 0) for _ in contexts]
    source = _source(model, work)
    return [Pass(batch, query, context, False, source) for context in contexts]


def _source(model: Model, work: Workload) -> int:
    return work.prompt_tokens if model.encoder else 0
