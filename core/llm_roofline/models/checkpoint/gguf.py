"""The header of a GGUF file, versions 2 and 3: typed metadata, then name, shape, type and place of each tensor.

The layout is that of the GGUF specification in the ggml repository.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from ...basics import CheckpointError, shown
from .ggml import TYPES
from .tensor import LARGEST, LONGEST_NAME, StoredTensor, laid_out

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MOST_FIELDS = 10_000
MOST_TENSORS = 100_000  # of a file; experts are fused, so that the largest have a few thousand
MOST_DIMENSIONS = 8  # ggml has 4
MOST_ITEMS = 4_000_000  # elements of all arrays; vocabularies, scores and merges have a quarter
DEEPEST = 4  # arrays in arrays
LONGEST_TEXT = 1_000_000  # byte of a single text
LONGEST_HEADER = 100_000_000  # byte of everything that is read
ALIGNMENT = 32  # byte, where the file does not say
NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
TEXT, ARRAY = 8, 9


class Header(NamedTuple):
    """What a GGUF file says before its data.

    Parameters
    ----------
    metadata : mapping
        Numbers and texts by their keys; of an array its length alone, as a ``range``, since vocabularies are of no use
        here.
    tensors : tuple of StoredTensor
        The tensors.
    """

    metadata: Mapping[str, Any]
    tensors: tuple[StoredTensor, ...]


class _Reader:
    """Values read one after the other, each size checked against what is left before anything is taken."""

    def __init__(self, file: BinaryIO, name: str, size: int) -> None:
        self._file, self.name, self._left = file, name, min(size, LONGEST_HEADER)
        self.place, self._items = 0, 0

    def take(self, count: int) -> bytes:
        taken = self._file.read(count) if count <= self._left else b""
        if len(taken) != count:
            raise CheckpointError(f"{self.name}: ends within its header, at byte {self.place:,}.")
        self._left -= count
        self.place += count
        return taken

    def number(self, code: str) -> Any:  # noqa: ANN401 - a number of a kind that the file names
        return struct.unpack(f"<{code}", self.take(struct.calcsize(f"<{code}")))[0]

    def count(self, most: int, what: str) -> int:
        found: int = self.number("Q")
        if found > most:
            raise CheckpointError(f"{self.name}: {found:,} {what} are too many (at most {most:,}).")
        return found

    def text(self, longest: int) -> str:
        return self.take(self.count(longest, "bytes of a text")).decode("utf-8", errors="replace")

    def value(self, kind: int, depth: int = 0) -> Any:  # noqa: ANN401 - whatever the file holds
        if kind in NUMBERS:
            return self.number(NUMBERS[kind])
        if kind == TEXT:
            return self.text(LONGEST_TEXT)
        if kind != ARRAY or depth == DEEPEST:
            inside = " inside arrays" if depth else ""
            raise CheckpointError(f"{self.name}: a value of the type {kind}{inside} is not understood.")
        of, length = self.number("I"), self.count(MOST_ITEMS - self._items, "elements of arrays")
        self._items += length
        if of in NUMBERS:
            self.take(length * struct.calcsize(f"<{NUMBERS[of]}"))
        else:
            for _ in range(length):
                self.value(of, depth + 1)
        return range(length)


def header(path: Path) -> Header:
    """Metadata and tensors of a file.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    CheckpointError
        If it is no sound GGUF file.
    """
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            reader = _Reader(file, path.name, size)
            tensors, fields = _counts(reader)
            metadata: dict[str, Any] = {}
            for _ in range(fields):
                key = reader.text(LONGEST_NAME)
                if key in metadata:
                    raise CheckpointError(f"{path.name}: the key {shown(key)} occurs twice.")
                metadata[key] = reader.value(reader.number("I"))
            alignment = metadata.get("general.alignment", ALIGNMENT)
            if not isinstance(alignment, int) or not 0 < alignment <= LARGEST:
                raise CheckpointError(f"{path.name}: 'general.alignment' must be bytes (got {shown(alignment)}).")
            placed = [_tensor(reader, alignment) for _ in range(tensors)]
            data = -(-reader.place // alignment) * alignment
            return Header(metadata, laid_out(path.name, placed, max(size - data, 0)))
    except OSError as error:
        raise CheckpointError(f"{path.name}: cannot be read: {error.strerror}.") from error


def _counts(reader: _Reader) -> tuple[int, int]:
    """Numbers of tensors and of fields, behind the magic number and the version."""
    if reader.take(4) != MAGIC:
        raise CheckpointError(f"{reader.name}: no GGUF file: it begins otherwise.")
    version = reader.number("I")
    if int.from_bytes(version.to_bytes(4, "little"), "big") in VERSIONS:
        raise CheckpointError(f"{reader.name}: a big-endian GGUF file is not read; little-endian ones are.")
    if version not in VERSIONS:
        raise CheckpointError(f"{reader.name}: version {version} of GGUF is not read; versions 2 and 3 are.")
    return reader.count(MOST_TENSORS, "tensors"), reader.count(MOST_FIELDS, "fields")


def _tensor(reader: _Reader, alignment: int) -> tuple[int, StoredTensor]:
    """A tensor with the byte at which it begins."""
    name = reader.text(LONGEST_NAME)
    what = f"{reader.name}: {shown(name)}"
    dimensions = reader.number("I")
    if dimensions > MOST_DIMENSIONS:
        raise CheckpointError(f"{what} has {dimensions:,} dimensions (at most {MOST_DIMENSIONS}).")
    shape = tuple(reader.number("Q") for _ in range(dimensions))
    kind, place = reader.number("I"), reader.number("Q")
    if kind not in TYPES:
        raise CheckpointError(f"{what} has the type {kind}, which is not understood.")
    block, elements = TYPES[kind], math.prod(shape)
    if elements > LARGEST or (shape[0] if shape else elements) % block.elements:
        raise CheckpointError(f"{what} of the shape {shown(shape)} is no {block.name}: rows are whole blocks.")
    if place % alignment:
        raise CheckpointError(f"{what} begins at byte {place:,}, which is no multiple of {alignment:,}.")
    return place, StoredTensor(name, block.name, shape[::-1], elements // block.elements * block.nbytes)
