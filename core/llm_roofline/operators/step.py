"""A step: one forward pass of the model.

Prefill is ``Step(b, n, n)``, decode at context c ``Step(b, 1, c)``, a chunk of a chunked prefill
``Step(b, chunk, past + chunk)``: nothing below this line asks which phase it is. Imports NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .counts import Shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from .counts import Feature


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
        Whether the new tokens are the prompt, shape ``(*sweep)`` [1]: its last token alone is asked for the next one.
    source_tokens : array_like
        Tokens of each sequence that an encoder has read and cross attention sees, shape ``(*sweep)`` [1].
    """

    batch: ArrayLike
    query_tokens: ArrayLike
    context_tokens: ArrayLike
    prompt: ArrayLike = False
    source_tokens: ArrayLike = 0

    @property
    def shape(self) -> Shape:
        """The fields as float64 arrays of one shape."""
        given = (self.batch, self.query_tokens, self.context_tokens, self.prompt, self.source_tokens)
        fields = [np.asarray(field, dtype=np.float64) for field in given]
        zero = np.zeros(np.broadcast(*fields).shape)  # np.broadcast_arrays takes ten times as long as the additions
        return Shape(*(field if field.shape == zero.shape else field + zero for field in fields))


def values_of(shape: Shape, wanted: Sequence[Feature]) -> NDArray[np.float64]:
    """Values of features, shape ``(feature, *sweep)`` [1].

    Parameters
    ----------
    shape : Shape
        The steps.
    wanted : sequence of Feature
        Which features, in which order.
    """
    return np.array([feature.of(shape) for feature in wanted]).reshape(len(wanted), *shape.batch.shape)


def values_together(shapes: Sequence[Shape], wanted: Sequence[Feature]) -> NDArray[np.float64]:
    """Values of features of passes that run several steps at once, shape ``(feature, *sweep)`` [1].

    Parameters
    ----------
    shapes : sequence of Shape
        What runs together, each of the same shape.
    wanted : sequence of Feature
        Which features, in which order.
    """
    return np.array([feature.together(shapes) for feature in wanted])
