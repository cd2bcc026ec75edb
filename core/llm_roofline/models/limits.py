"""Limits: which workloads a model was built for, and one to begin with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..basics import WorkloadError
from .workload import Workload

if TYPE_CHECKING:
    from .model import Model


def fitting(model: Model) -> Workload:
    """A workload that suits a model: the default one, shortened where the model is built for less.

    A diffusion transformer has the patches of an image, and the denoising steps of its paper; an encoder that is built
    for sources of one length has such a source.

    Parameters
    ----------
    model : Model
        The model.
    """
    whole, limit = Workload(), model.context_limit
    if outputs := model.paradigm.default_outputs:
        return replace(whole, prompt_tokens=limit or whole.prompt_tokens, output_tokens=outputs)
    if model.encoder is None:
        return Workload.within(limit)
    output = whole.output_tokens if limit is None else min(whole.output_tokens, limit)
    return replace(whole, prompt_tokens=model.source_limit or whole.prompt_tokens, output_tokens=output)


def refuse_beyond(model: Model, work: Workload) -> None:
    """Refuse a workload that is longer than a model's context, or than its encoder's source.

    The longest context is that of the last decode step, which yields the last output token and reads those before it.
    A diffusion transformer has none: a larger image has more patches, and the same sinusoids for them.

    Parameters
    ----------
    model : Model
        The model.
    work : Workload
        What it is asked to do.

    Raises
    ------
    WorkloadError
        If it is too long; the sentence says by which limit.
    """
    if not model.paradigm.grows:
        return
    source, limit = model.source_limit, model.context_limit
    first, what = (1, "start") if model.encoder else (work.prompt_tokens, "prompt")
    if model.encoder and source is not None and work.prompt_tokens > source:
        raise WorkloadError(
            f"a source of {work.prompt_tokens:,} tokens exceeds the {source:,} of the encoder of {model.name}."
        )
    wanted = first + work.decode_steps
    if limit is not None and wanted > limit:
        made_of = f"{first:,} {what} + {work.decode_steps:,} of {work.output_tokens:,} output"
        raise WorkloadError(f"a context of {wanted:,} tokens ({made_of}) exceeds the {limit:,} of {model.name}.")
