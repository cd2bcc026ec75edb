"""The header of a safetensors file: its length in eight bytes, then JSON with type, shape and place of each tensor.

The format is that of the safetensors project's README, section "Format".
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from ...basics import CheckpointError, shown
from .tensor import LARGEST, LONGEST_NAME, MOST_TENSORS, StoredTensor, laid_out

if TYPE_CHECKING:
    from pathlib import Path

LENGTH = 8  # byte of the number at the beginning
LONGEST_HEADER = 20_000_000  # byte, about 150,000 tensors; the format allows 100 MB, whose JSON could fill gigabytes
MOST_DIMENSIONS = 16
BITS = {"BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64, "I64": 64} | {
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
    "F8_E5M2": 8,
    "F8_E4M3": 8,
    "F8_E5M2FNUZ": 8,
    "F8_E4M3FNUZ": 8,
    "F8_E8M0": 8,
    "F16": 16,
    "BF16": 16,
    "F32": 32,
    "F64": 64,
    "C64": 64,
}
"""Width of the types that the format names [bit]; of others the bytes are taken as the file says."""


def tensors_of(path: Path) -> tuple[StoredTensor, ...]:
    """Tensors of a file, from its header.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    CheckpointError
        If it is no sound safetensors file.
    """
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            length = int.from_bytes(file.read(LENGTH), "little")
            if size < LENGTH or not 2 <= length <= min(LONGEST_HEADER, size - LENGTH):  # noqa: PLR2004 - "{}"
                raise CheckpointError(
                    f"{path.name}: no safetensors file: of its {size:,} bytes the header cannot have {length:,} "
                    f"(at most {LONGEST_HEADER:,} are read)."
                )
            text = file.read(length)
    except OSError as error:
        raise CheckpointError(f"{path.name}: cannot be read: {error.strerror}.") from error
    try:
        header = json.loads(text, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path.name}: its header is not JSON: {str(error)[:200]}.") from error
    if not isinstance(header, dict):
        raise CheckpointError(f"{path.name}: its header must be a JSON object (got {type(header).__name__}).")
    header.pop("__metadata__", None)
    if len(header) > MOST_TENSORS:
        raise CheckpointError(f"{path.name}: {len(header):,} tensors are too many (at most {MOST_TENSORS:,}).")
    return laid_out(
        path.name, [_tensor(path.name, name, entry) for name, entry in header.items()], size - LENGTH - length
    )


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _tensor(file: str, name: str, entry: object) -> tuple[int, StoredTensor]:
    """A tensor with the byte at which it begins."""
    what = f"{file}: {shown(name)}"
    if len(name) > LONGEST_NAME:
        raise CheckpointError(f"{what}: a name of {len(name):,} characters is too long (at most {LONGEST_NAME}).")
    if not isinstance(entry, dict):
        raise CheckpointError(f"{what} must be an object (got {shown(entry)}).")
    dtype, shape, offsets = entry.get("dtype"), _counts(entry.get("shape")), _counts(entry.get("data_offsets"))
    if not isinstance(dtype, str) or len(dtype) > LONGEST_NAME:
        raise CheckpointError(f"{what}: 'dtype' must be a text (got {shown(dtype)}).")
    if shape is None or math.prod(shape) > LARGEST:
        raise CheckpointError(f"{what}: 'shape' must be whole numbers (got {shown(entry.get('shape'))}).")
    if offsets is None or len(offsets) != 2 or offsets[0] > offsets[1]:  # noqa: PLR2004 - a pair
        places = shown(entry.get("data_offsets"))
        raise CheckpointError(f"{what}: 'data_offsets' must be two places in the file (got {places}).")
    nbytes = offsets[1] - offsets[0]
    if dtype in BITS and nbytes * 8 != math.prod(shape) * BITS[dtype]:
        raise CheckpointError(f"{what}: {list(shape)} of {dtype} do not take {nbytes:,} bytes.")
    return offsets[0], StoredTensor(name, dtype, shape, nbytes)


def _counts(given: object) -> tuple[int, ...] | None:
    """Whole numbers of a list, None where it holds anything else."""
    if not isinstance(given, list) or len(given) > MOST_DIMENSIONS:
        return None
    sound = all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= LARGEST for n in given)
    return tuple(given) if sound else None
