"""A step: one forward pass of the model.

Prefill is ``Step(b, n, n)``, decode at context c ``Step(b, 1, c)``, a chunk of a chunked prefill
``Step(b, chunk, past + chunk)``: nothing below this line asks which phase it is. Imports NumPy.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

T = TypeVar("T")


class Step(NamedTuple, Generic[T]):
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
        Whether the new tokens are the prompt, shape ``(*sweep)`` [1]: its last token alone is asked for the next one.
    source_tokens : array_like
        Tokens of each sequence that an encoder has read and cross attention sees, shape ``(*sweep)`` [1].
    """

    batch: T
    query_tokens: T
    context_tokens: T
    prompt: T = False  # type: ignore[assignment]  # a number as good as any
    source_tokens: T = 0  # type: ignore[assignment]  # likewise

    @property
    def past(self) -> T:
        """Tokens of each sequence before the new ones, shape ``(*sweep)`` [1]."""
        return self.context_tokens - self.query_tokens  # type: ignore[operator,no-any-return]  # numbers

    @property
    def arrays(self) -> StepArrays:
        """The same step, its fields as float64 arrays of one shape, ``(*sweep)`` [1]."""
        fields = [np.asarray(field, dtype=np.float64) for field in self]
        zero = np.zeros(np.broadcast(*fields).shape)  # np.broadcast_arrays takes ten times as long as the additions
        return Step(*(field if field.shape == zero.shape else field + zero for field in fields))


if TYPE_CHECKING:
    StepArrays = Step[NDArray[np.float64]]


def stacked(steps: Sequence[Step[Any]]) -> StepArrays:
    """Steps as one, whose fields are float64 arrays of shape ``(step, *sweep)`` [1].

    Parameters
    ----------
    steps : sequence of Step
        The steps, all of numbers, or all of arrays of shape ``(*sweep)``; one array made of a flat list takes less time
        than one made of each.
    """
    flat = np.array([*chain.from_iterable(steps)], dtype=np.float64)
    return Step(*flat.reshape(len(steps), -1, *flat.shape[1:]).swapaxes(0, 1))
