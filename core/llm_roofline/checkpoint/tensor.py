"""A tensor as a file's header describes it."""

from __future__ import annotations

from dataclasses import dataclass

MOST_TENSORS = 1_000_000  # of a checkpoint; the largest open ones have a tenth
LONGEST_NAME = 512  # characters
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
