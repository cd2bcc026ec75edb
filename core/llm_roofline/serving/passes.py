"""The passes of a request: what the prefill and each decode step run over.

A decoder reads the prompt in its prefill, whole or in chunks, and grows by the tokens of a step. Behind an encoder the
prompt is the encoder's, and the decoder begins with one token. A diffusion transformer runs over all its tokens again
in every step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..basics import Numbers, TechniqueError
from ..operators import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..models import Model
    from .schedule import Schedule

MOST_CHUNKS = 20_000
"""Chunks of a prompt: each is a pass of its own, so that their number is work to be done."""


def first_context(model: Model, prompt_tokens: Numbers) -> Numbers:
    """Tokens that the model itself reads in its prefill, as many as given or 1, shape ``(*sweep)`` [token].

    Parameters
    ----------
    model : Model
        The model.
    prompt_tokens : int or ndarray
        Tokens of the prompt, shape ``(*sweep)`` [token].
    """
    return prompt_tokens * 0 + 1 if model.encoder else prompt_tokens


def refuse_many_chunks(schedule: Schedule, prompt: int) -> None:
    """Refuse a prompt that would be read in more passes than are run one by one.

    Parameters
    ----------
    schedule : Schedule
        Its chunks, and what is cached.
    prompt : int
        Tokens that the model itself reads [token].

    Raises
    ------
    TechniqueError
        If there are too many; the sentence says how many.
    """
    chunks = schedule.chunks(prompt)
    if chunks > MOST_CHUNKS:
        raise TechniqueError(f"a prompt is read in at most {MOST_CHUNKS:,} chunks, and this one would take {chunks:,}.")


def prefill_passes(
    model: Model, prompt_tokens: Numbers, schedule: Schedule, batch: Numbers, places: Iterable[int] | None = None
) -> list[Step[Numbers]]:
    """The passes of the prefill, one for each chunk.

    Parameters
    ----------
    model : Model
        The model.
    prompt_tokens : int or ndarray
        Tokens of the prompt, shape ``(*sweep)`` [token]; a number where it is read in chunks or partly cached.
    schedule : Schedule
        Its chunks, and what is cached.
    batch : int or ndarray
        Sequences of a pass, shape ``(*sweep)`` [1].
    places : iterable of int, optional
        Which chunks, counted from 0 [1]; all, where it is left out.

    Raises
    ------
    TechniqueError
        If all of the prompt is cached, so that nothing would yield the first token, or it has too many chunks.
    """
    whole, source = first_context(model, prompt_tokens), _source(model, prompt_tokens)
    prompt = prompt_tokens * 0 + 1
    past = 0 if model.encoder else schedule.cached_tokens
    if past and past >= whole:
        raise TechniqueError(f"{past:,} cached tokens leave nothing of a prompt of {whole:,} to run.")
    if not schedule.chunk_tokens:
        return [Step(batch, whole - past, whole, prompt, source)]
    if places is None:
        refuse_many_chunks(schedule, whole)
        places = range(schedule.chunks(whole))
    chunk = schedule.chunk_tokens
    starts = [past + place * chunk for place in places]
    return [Step(batch, min(chunk, whole - start), min(start + chunk, whole), prompt, source) for start in starts]


def decode_passes(
    model: Model,
    prompt_tokens: Numbers,
    contexts: Iterable[Numbers],
    query: int,
    batch: Numbers,
) -> list[Step[Numbers]]:
    """Decode steps, or steps of denoising.

    Parameters
    ----------
    model : Model
        The model.
    prompt_tokens : int or ndarray
        Tokens of the prompt, or of the image, shape ``(*sweep)`` [token].
    contexts : iterable of int or ndarray
        Keys that the last token of each step sees, each of shape ``(*sweep)`` [token].
    query : int
        Tokens of a step for each sequence [1].
    batch : int or ndarray
        Sequences of a pass, shape ``(*sweep)`` [1].
    """
    none = prompt_tokens * 0
    if not model.paradigm.grows:
        return [Step(batch, prompt_tokens, prompt_tokens, none, none) for _ in contexts]
    source = _source(model, prompt_tokens)
    return [Step(batch, none + query, context, none, source) for context in contexts]


def tower_pass(tokens: Numbers, batch: Numbers) -> Step[Numbers]:
    """The pass of a tower over all that it reads.

    Parameters
    ----------
    tokens, batch : int or ndarray
        Tokens of a sequence, and sequences, shape ``(*sweep)`` [1].
    """
    none = (tokens + batch) * 0
    return Step(batch + none, tokens + none, tokens + none, none, none)


def _source(model: Model, prompt_tokens: Numbers) -> Numbers:
    return prompt_tokens if model.encoder else prompt_tokens * 0
