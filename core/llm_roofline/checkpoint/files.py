"""Which files make a checkpoint: a safetensors file, those that an index names, or GGUF files."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from ..errors import CheckpointError, shown
from . import gguf, safetensors

if TYPE_CHECKING:
    from pathlib import Path

    from .tensor import StoredTensor

INDEX = "model.safetensors.index.json"
LARGEST_INDEX = 100_000_000  # byte
MOST_FILES = 10_000
_PLAIN = re.compile(r"[\w.+-]+\.safetensors")


def is_checkpoint(path: Path) -> bool:
    """Whether a path is a checkpoint's file, or a folder that holds one.

    Parameters
    ----------
    path : Path
        Where to look.
    """
    return bool(_files(path))


def stored_tensors(path: Path) -> tuple[StoredTensor, ...]:
    """Tensors of a checkpoint; only headers are read.

    Parameters
    ----------
    path : Path
        A ``.safetensors`` or ``.gguf`` file, or a folder that holds them.

    Raises
    ------
    CheckpointError
        If there is none, or one is not sound.
    """
    files = _files(path)
    if not files:
        raise CheckpointError(f"{path}: no .safetensors and no .gguf file is there.")
    found = [
        tensor
        for file in files
        for tensor in (gguf.header(file)[1] if file.suffix == ".gguf" else safetensors.tensors_of(file))
    ]
    if len({tensor.name for tensor in found}) != len(found):
        raise CheckpointError(f"{path.name}: a tensor is in two files.")
    return tuple(found)


def _files(path: Path) -> list[Path]:
    """Files of the checkpoint, in the order of their names; those that the index names where there is one."""
    if path.is_file():
        return [path] if path.suffix in {".safetensors", ".gguf"} else []
    if (path / INDEX).is_file():
        return _indexed(path)
    found = sorted(path.glob("*.safetensors")) or sorted(path.glob("*.gguf"))
    if len(found) > MOST_FILES:
        raise CheckpointError(f"{path}: {len(found):,} files are too many (at most {MOST_FILES:,}).")
    return found


def _indexed(folder: Path) -> list[Path]:
    index = folder / INDEX
    try:
        if index.stat().st_size > LARGEST_INDEX:
            raise CheckpointError(f"{INDEX}: too large (at most {LARGEST_INDEX:,} bytes).")
        places = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
        names = sorted(set(places))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CheckpointError(f"{INDEX}: holds no map of tensors to files.") from error
    if len(names) > MOST_FILES or not all(isinstance(name, str) and _PLAIN.fullmatch(name) for name in names):
        raise CheckpointError(f"{INDEX}: must name .safetensors files of its own folder.")
    if missing := [name for name in names if not (folder / name).is_file()]:
        raise CheckpointError(
            f"{INDEX}: {len(missing):,} of its {len(names):,} files are not there, such as {shown(missing[0])}; "
            "the bytes of their tensors are in them."
        )
    return [folder / name for name in names]
