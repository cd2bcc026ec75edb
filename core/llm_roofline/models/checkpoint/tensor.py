"""A tensor as a file's header describes it, and the sound layout of several in a file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...basics import CheckpointError, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_TENSORS = 500_000  # of a checkpoint; the largest open ones have less than half
LONGEST_NAME = 512  # characters
_FLOATS = ("F", "BF", "Q", "IQ", "TQ", "MXFP", "NVFP")  # of GGUF files all shapes are those of the parameters
_INTEGERS = ("I", "U", "BOOL")
LARGEST = 2**48  # elements or bytes of a tensor


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """A stored tensor.

    Parameters
    ----------
    name : str
        Its name in the checkpoint.
    dtype : str
        Its type as the file names it, such as ``"BF16"`` or ``"Q4_K"``.
    shape : tuple of int
        Its dimensions [1].
    nbytes : int
        What it takes in the file [byte].
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    nbytes: int

    @property
    def most_elements(self) -> float:
        """Most parameters that it may hold [1]: its own elements, or one a bit where codes are packed into integers."""
        if self.dtype.startswith(_FLOATS):
            return math.prod(self.shape)
        return 8 * self.nbytes if self.dtype.startswith(_INTEGERS) else math.inf


def laid_out(file: str, placed: Iterable[tuple[int, StoredTensor]], room: int) -> tuple[StoredTensor, ...]:
    """Tensors of a file, if each lies within it and none over another.

    Parameters
    ----------
    file : str
        What to call it in messages.
    placed : iterable of (int, StoredTensor)
        Each tensor with where it begins in the data [byte].
    room : int
        How long the data is [byte].

    Raises
    ------
    CheckpointError
        If one does not.
    """
    tensors = tuple(placed)
    end, before = 0, ""
    for start, tensor in sorted(tensors, key=lambda found: (found[0], found[1].nbytes)):
        if start < end:
            raise CheckpointError(f"{file}: {shown(tensor.name)} lies over {shown(before)}.")
        end, before = start + tensor.nbytes, tensor.name
        if end > room:
            raise CheckpointError(
                f"{file}: {shown(tensor.name)} ends at byte {end:,} of the data, of which there are {room:,}; "
                "was it downloaded to its end?"
            )
    return tuple(tensor for _, tensor in tensors)
