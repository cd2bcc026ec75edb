"""The passes of a request: what the prefill and each decode step run over.

A decoder reads the prompt in its prefill, whole or in chunks, and grows by the tokens of a step. Behind an encoder the
prompt is the encoder's, and the decoder begins with one token. A diffusion transformer runs over all its tokens again
in every step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .errors import TechniqueError
from .step import Step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .model import Model
    from .schedule import Schedule
    from .workload import Workload


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


def prefill_steps(model: Model, work: Workload, plan: Schedule, batch: int) -> Step:
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
    whole = first_context(model, work)
    if plan.cached_tokens >= whole > 1:
        raise TechniqueError(f"{plan.cached_tokens:,} cached tokens leave nothing of a prompt of {whole:,} to run.")
    new = whole - min(plan.cached_tokens, whole - 1)
    chunk = min(plan.chunk_tokens or new, new)
    seen = np.minimum(whole - new + chunk * np.arange(1, -(-new // chunk) + 1), whole)
    query = np.diff(seen, prepend=whole - new)
    return Step(batch, query, seen, prompt=True, source_tokens=_source(model, work))


def decode_steps(model: Model, work: Workload, contexts: NDArray[np.int64], query: int, batch: int) -> Step:
    """Decode steps, or steps of denoising, of a shape ``(*sweep)``.

    Parameters
    ----------
    model : Model
        The model.
    work : Workload
        The request.
    contexts : ndarray
        Keys that the last token of each step sees, shape ``(*sweep)`` [token].
    query : int
        Tokens of a step for each sequence [1].
    batch : int
        Sequences of a pass [1].
    """
    if model.diffuses:
        return Step(batch, work.prompt_tokens, np.full_like(contexts, work.prompt_tokens))
    return Step(batch, query, contexts, source_tokens=_source(model, work))


def _source(model: Model, work: Workload) -> int:
    return work.prompt_tokens if model.encoder else 0
