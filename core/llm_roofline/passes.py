"""The passes of a request: what the prefill and each decode step run over.

A decoder reads the prompt in its prefill and grows by one token a step. Behind an encoder the prompt is the encoder's,
and the decoder begins with one token. A diffusion transformer runs over all its tokens again in every step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .step import Step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .model import Model
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


def steps(model: Model, work: Workload, ends: NDArray[np.int64]) -> Step:
    """The prefill, the ends of stretches of decode steps, and prefill and last step of a single sequence.

    Parameters
    ----------
    model : Model
        The model.
    work : Workload
        The request.
    ends : ndarray
        Contexts at both ends of each stretch, shape ``(stretch, 2)`` [token].
    """
    b, start, one = work.batch_size, first_context(model, work), np.ones(ends.size)
    batch, query = [b, *(b * one), 1, 1], [start, *one, start, 1]
    seen = [start, *ends.ravel(), start, start + work.output_tokens]
    if model.diffuses:
        query = seen = [work.prompt_tokens] * len(batch)
    prompt = [True, *(0 * one), True, False]
    return Step(batch, query, seen, prompt, source_tokens=work.prompt_tokens if model.encoder else 0)
