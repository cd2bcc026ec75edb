"""Workload: what the model is asked to do."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import NamedTuple

from ..basics import Numbers, WorkloadError, shown

LARGEST = 2**40  # beyond it, products of a few counts leave the integers that float64 holds exactly


@dataclass(frozen=True, slots=True)
class Workload:
    """A batch of equal requests.

    Parameters
    ----------
    batch_size : int
        Requests that run together [1].
    prompt_tokens : int
        Tokens of each prompt [1].
    output_tokens : int
        Tokens generated for each request, the one that the prefill yields included [1].

    Raises
    ------
    WorkloadError
        If a value is not a whole number of at least 1.
    """

    batch_size: int = 1
    prompt_tokens: int = 2048
    output_tokens: int = 256

    def __post_init__(self) -> None:
        for name in ("batch_size", "prompt_tokens", "output_tokens"):
            object.__setattr__(self, name, _whole(name, getattr(self, name)))

    @classmethod
    def within(cls, context_limit: int | None) -> Workload:
        """The default workload, shortened where a model's context is too short for it.

        Parameters
        ----------
        context_limit : int or None
            Longest context of the model [token].
        """
        whole = cls()
        if context_limit is None or whole.prompt_tokens + whole.decode_steps <= context_limit:
            return whole
        return cls(prompt_tokens=max(context_limit // 2, 1), output_tokens=max(context_limit // 8, 1))

    @property
    def context_tokens(self) -> int:
        """Tokens of the longest context, prompt and output [1]."""
        return self.prompt_tokens + self.output_tokens

    @property
    def decode_steps(self) -> int:
        """Decode steps after the prefill [1]: the prefill yields the first output token."""
        return self.output_tokens - 1


class Requests(NamedTuple):
    """What is asked of a plan: numbers, or arrays of shape ``(*sweep)`` that stand for many workloads.

    Parameters
    ----------
    batch_size, prompt_tokens, output_tokens : int or ndarray
        As in :class:`llm_roofline.Workload` [1].
    """

    batch_size: Numbers
    prompt_tokens: Numbers
    output_tokens: Numbers

    @property
    def decode_steps(self) -> Numbers:
        """Output tokens after the first one, shape ``(*sweep)`` [1]."""
        return self.output_tokens - 1


def _whole(name: str, value: object) -> int:
    """Return a count as an int, or say what is accepted."""
    if type(value) is int and 1 <= value <= LARGEST:
        return value
    accepted = f"'{name}' must be a whole number from 1 to {LARGEST:,}"
    if isinstance(value, bool):
        raise WorkloadError(f"{accepted} (got {shown(value)}).")
    try:
        count = operator.index(value)  # type: ignore[arg-type]  # the point is to find out
    except TypeError:
        if not (isinstance(value, float) and value.is_integer()):
            raise WorkloadError(f"{accepted} (got {shown(value)}).") from None
        count = int(value)
    if not 1 <= count <= LARGEST:
        raise WorkloadError(f"{accepted} (got {shown(count)}).")
    return count
