"""The header of a GGUF file, versions 2 and 3: typed metadata, then name, shape, type and place of each tensor.

The layout is that of the GGUF specification in the ggml repository.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any, BinaryIO

from ..errors import CheckpointError, shown
from .ggml import TYPES
from .tensor import LARGEST, LONGEST_NAME, MOST_TENSORS, StoredTensor

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MOST_FIELDS = 10_000
LONGEST_TEXT = 1_000_000  # byte of a single text
LONGEST_ARRAY = 4_000_000  # elements; vocabularies have a sixteenth
LONGEST_HEADER = 400_000_000  # byte of everything that is read
NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
TEXT, ARRAY = 8, 9


class _Reader:
    """Values read one after the other, each size checked against what is left before anything is taken."""

    def __init__(self, file: BinaryIO, name: str, size: int) -> None:
        self._file, self.name, self._left = file, name, min(size, LONGEST_HEADER)

    def take(self, count: int) -> bytes:
        if count > self._left:
            raise CheckpointError(f"{self.name}: ends within its header.")
        self._left -= count
        taken = self._file.read(count)
        if len(taken) != count:
            raise CheckpointError(f"{self.name}: ends within its header.")
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

    def value(self, kind: int) -> Any:  # noqa: ANN401 - whatever the file holds
        """A value; of arrays their length alone, since vocabularies are of no use here."""
        if kind in NUMBERS:
            return self.number(NUMBERS[kind])
        if kind == TEXT:
            return self.text(LONGEST_TEXT)
        if kind == ARRAY:
            of, length = self.number("I"), self.count(LONGEST_ARRAY, "elements of an array")
            if of in NUMBERS:
                self.take(length * struct.calcsize(f"<{NUMBERS[of]}"))
            elif of == TEXT:
                for _ in range(length):
                    self.take(self.count(LONGEST_TEXT, "bytes of a text"))
            else:
                raise CheckpointError(f"{self.name}: an array of the type {of} is not understood.")
            return range(length)
        raise CheckpointError(f"{self.name}: a value of the type {kind} is not understood.")


def header(path: Path) -> tuple[dict[str, Any], tuple[StoredTensor, ...]]:
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
            reader = _Reader(file, path.name, path.stat().st_size)
            if reader.take(4) != MAGIC:
                raise CheckpointError(f"{path.name}: no GGUF file: it begins otherwise.")
            version = reader.number("I")
            if version not in VERSIONS:
                raise CheckpointError(
                    f"{path.name}: version {version} of GGUF is not read (versions 2 and 3, little-endian, are)."
                )
            tensors, fields = reader.count(MOST_TENSORS, "tensors"), reader.count(MOST_FIELDS, "fields")
            metadata = {reader.text(LONGEST_NAME): reader.value(reader.number("I")) for _ in range(fields)}
            return metadata, tuple(_tensor(reader) for _ in range(tensors))
    except OSError as error:
        raise CheckpointError(f"{path.name}: cannot be read: {error.strerror}.") from error


def _tensor(reader: _Reader) -> StoredTensor:
    name = reader.text(LONGEST_NAME)
    dimensions = reader.number("I")
    if dimensions > 8:  # noqa: PLR2004 - ggml has 4
        raise CheckpointError(f"{reader.name}: {shown(name)} has {dimensions:,} dimensions (at most 8).")
    shape = tuple(reader.number("Q") for _ in range(dimensions))
    kind, _place = reader.number("I"), reader.number("Q")
    if kind not in TYPES:
        raise CheckpointError(f"{reader.name}: {shown(name)} has the type {kind}, which is not understood.")
    block, elements = TYPES[kind], math.prod(shape)
    if elements > LARGEST or elements % block.elements:
        raise CheckpointError(f"{reader.name}: {shown(name)} of {elements:,} elements is no {block.name}.")
    return StoredTensor(name, block.name, shape[::-1], elements // block.elements * block.nbytes)


FAMILIES = {"llama": "llama", "qwen2": "qwen2", "qwen3": "qwen3", "gemma": "gemma"}
"""``model_type`` of the architectures whose metadata says everything that a configuration would."""


def gguf_fields(path: Path) -> dict[str, Any]:
    """Fields of a configuration, as far as the metadata of a GGUF file gives them.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    CheckpointError
        If its architecture is not understood.
    """
    metadata, tensors = header(path)
    architecture = metadata.get("general.architecture")
    if architecture not in FAMILIES:
        raise CheckpointError(
            f"{path.name}: the architecture {shown(architecture)} of a GGUF file is not understood "
            f"({', '.join(FAMILIES)} are). Put the model's config.json beside it."
        )
    shapes = {tensor.name: tensor.shape for tensor in tensors}
    names = {
        "hidden_size": "embedding_length",
        "num_hidden_layers": "block_count",
        "intermediate_size": "feed_forward_length",
        "num_attention_heads": "attention.head_count",
        "num_key_value_heads": "attention.head_count_kv",
        "head_dim": "attention.key_length",
        "max_position_embeddings": "context_length",
    }
    found = {key: metadata.get(f"{architecture}.{name}") for key, name in names.items()}
    return {key: value for key, value in found.items() if value is not None} | {
        "model_type": FAMILIES[architecture],
        "vocab_size": shapes["token_embd.weight"][0] if "token_embd.weight" in shapes else None,
        "tie_word_embeddings": "output.weight" not in shapes,
    }
