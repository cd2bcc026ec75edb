"""Limits: which workloads a model was built for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import WorkloadError

if TYPE_CHECKING:
    from .model import Model
    from .workload import Workload


def refuse_beyond(model: Model, work: Workload) -> None:
    """Refuse a workload that is longer than a model's context, or than its encoder's source.

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
    source, limit = model.source_limit, model.context_limit
    if model.encoder is None:
        wanted = work.context_tokens
        made_of = f"{work.prompt_tokens:,} prompt + {work.output_tokens:,} output"
    else:
        wanted, made_of = 1 + work.output_tokens, f"1 start + {work.output_tokens:,} output"
        if source is not None and work.prompt_tokens > source:
            raise WorkloadError(
                f"a source of {work.prompt_tokens:,} tokens exceeds the {source:,} of the encoder of {model.name}."
            )
    if limit is not None and wanted > limit:
        raise WorkloadError(f"a context of {wanted:,} tokens ({made_of}) exceeds the {limit:,} of {model.name}.")
