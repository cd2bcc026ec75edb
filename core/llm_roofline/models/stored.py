"""What a checkpoint stores of a model, operator by operator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

INDEX = "model.safetensors.index.json"
"""The file that says which tensor of a checkpoint lies in which file."""


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What a checkpoint stores of a model, or of one of its towers.

    Parameters
    ----------
    total : int
        Bytes of all tensors, those of towers and unmatched ones included [byte].
    by_operator : mapping
        Bytes by names of block and operator, over all its layers [byte].
    unmatched : mapping
        Bytes of the tensors that belong to no operator, by their name [byte]; of an index without its files the total.
    missing : tuple of tuple of str
        Names of block and operator where a tensor of some layer is not stored; such an operator is not in
        ``by_operator``.
    towers : mapping
        What is stored of each tower, by its name.
    """

    total: int
    by_operator: Mapping[tuple[str, str], float]
    unmatched: Mapping[str, int]
    missing: tuple[tuple[str, str], ...] = ()
    towers: Mapping[str, StoredBytes] = field(default_factory=dict)

    @property
    def is_index(self) -> bool:
        """Whether an index without its files is all that was there, whose total nobody can check."""
        return self.unmatched.keys() == {INDEX}
