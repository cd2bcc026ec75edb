"""Which files make a checkpoint: those that an index names, one safetensors or GGUF file, or the parts of a split one.

A link is followed, since the cache of a hub is made of links; what is no plain file is not opened.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from ...basics import CheckpointError, shown
from ..stored import INDEX
from . import gguf, safetensors
from .tensor import LARGEST, MOST_TENSORS, StoredTensor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGEST_INDEX = 50_000_000  # byte, twice that of a trillion parameters in small tensors
MOST_FILES = 10_000
SUFFIXES = (".safetensors", ".gguf")
_PLAIN = re.compile(r"[\w.+-]{1,250}\.safetensors")
_PART = re.compile(r"(.+)-(\d{5})-of-(\d{5})", re.ASCII)
_BESIDE = ("mmproj", "adapter_model")  # a vision tower in a GGUF file of its own, an adapter
ADAPTER = "adapter_config.json"


class _Index(NamedTuple):
    """What an index says: its files, and the bytes of all tensors [byte], None where it does not."""

    names: list[str]
    total: int | None


def is_checkpoint(path: Path) -> bool:
    """Whether a path is a checkpoint's file, or a folder that holds one or its index.

    Parameters
    ----------
    path : Path
        Where to look.
    """
    if path.is_file():
        return path.suffix in SUFFIXES
    return (path / INDEX).is_file() or any(_files(path, suffix) for suffix in SUFFIXES)


def adapter_files(path: Path) -> list[Path]:
    """Files of an adapter that a folder holds, beside a checkpoint or alone.

    Parameters
    ----------
    path : Path
        The folder.
    """
    return [file for file in sorted(path.glob("adapter_model*.safetensors")) if file.is_file()][:MOST_FILES]


def total_of_index(path: Path) -> int | None:
    """Bytes of all tensors, where a folder holds an index and no file of a checkpoint [byte]; else None.

    They are what somebody wrote into the index, and 0 where that is no such number.

    Parameters
    ----------
    path : Path
        The folder.

    Raises
    ------
    CheckpointError
        If the index is not sound.
    """
    if not (path / INDEX).is_file() or any(_files(path, suffix) for suffix in SUFFIXES):
        return None
    return _index(path).total or 0


def stored_tensors(path: Path) -> tuple[StoredTensor, ...]:
    """Tensors of a checkpoint; only headers are read.

    Parameters
    ----------
    path : Path
        A ``.safetensors`` or ``.gguf`` file, or a folder that holds them. A part of a split file stands for all parts.

    Raises
    ------
    CheckpointError
        If there is none, or several, or one is not sound or not whole.
    """
    adapter = adapter_files(path)
    found: dict[str, StoredTensor] = {}
    for file in [*(checkpoint_files(path) if is_checkpoint(path) or not adapter else ()), *adapter]:
        for tensor in gguf.header(file).tensors if file.suffix == ".gguf" else safetensors.tensors_of(file):
            if tensor.name in found:
                raise CheckpointError(f"{file.name}: the tensor {shown(tensor.name)} occurs twice.")
            found[tensor.name] = tensor
        if len(found) > MOST_TENSORS:
            raise CheckpointError(f"{path}: more tensors than the {MOST_TENSORS:,} that are read.")
    return tuple(found.values())


def checkpoint_files(path: Path) -> list[Path]:
    """Files of a checkpoint, in the order of their names; of those that an index names, the ones that are there.

    Parameters
    ----------
    path : Path
        A file of it, or its folder.

    Raises
    ------
    CheckpointError
        If there is none, or several, or a part of a split file is not there.
    """
    if path.is_file() and path.suffix in SUFFIXES:
        return _whole(path.parent, path.name)
    if (path / INDEX).is_file():
        named = [path / name for name in _index(path).names]
        if there := [file for file in named if file.is_file()]:  # of tensors in the others nothing is known
            return there
        if not any(_files(path, suffix) for suffix in SUFFIXES):
            return _present(path, INDEX, [file.name for file in named])
    for suffix in SUFFIXES:
        # A split file counts once, by the name that its parts share.
        found = {_PART.sub(r"\1", name.removesuffix(suffix)): name for name in _files(path, suffix)}
        if len(found) == 1 or "model" in found:  # the name that Transformers looks for
            return _whole(path, found.get("model") or next(iter(found.values())))
        if found:
            raise CheckpointError(
                f"{path}: holds {len(found):,} checkpoints, such as {' and '.join(list(found.values())[:2])}; "
                "give the path of one."
            )
    raise CheckpointError(f"{path}: no .safetensors and no .gguf file is there.")


def _files(folder: Path, suffix: str) -> list[str]:
    """Names of plain files, of vision towers none."""
    found = sorted(file.name for file in folder.glob(f"*{suffix}") if file.is_file())
    if len(found) > MOST_FILES:
        raise CheckpointError(f"{folder}: {len(found):,} files are too many (at most {MOST_FILES:,}).")
    return [name for name in found if not name.startswith(_BESIDE)]


def _whole(folder: Path, name: str) -> list[Path]:
    """A file, or all parts of the one that it is a part of."""
    stem, _, suffix = name.rpartition(".")
    part = _PART.fullmatch(stem)
    if not part:
        return [folder / name]
    many = int(part[3])
    if not 0 < many <= MOST_FILES:
        raise CheckpointError(f"{name}: a file has 1 to {MOST_FILES:,} parts (got {many:,}).")
    return _present(folder, name, [f"{part[1]}-{n:05}-of-{many:05}.{suffix}" for n in range(1, many + 1)])


def _present(folder: Path, what: str, names: Iterable[str]) -> list[Path]:
    """Files of a folder, if all are there."""
    files = [folder / name for name in names]
    if missing := [file.name for file in files if not file.is_file()]:
        raise CheckpointError(
            f"{what}: {len(missing):,} of its {len(files):,} files are not there, such as {shown(missing[0])}; "
            "the bytes of their tensors are in them."
        )
    return files


def _index(folder: Path) -> _Index:
    """The index of a folder."""
    path = folder / INDEX
    try:
        size = path.stat().st_size
        index = json.loads(path.read_text(encoding="utf-8")) if size <= LARGEST_INDEX else {}
        names = sorted(set(index.get("weight_map", {}).values()))
        total = index.get("metadata", {}).get("total_size")
    except OSError as error:
        raise CheckpointError(f"{INDEX}: cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise CheckpointError(f"{INDEX}: holds no map of tensors to files.") from error
    if size > LARGEST_INDEX:
        raise CheckpointError(f"{INDEX}: {size:,} bytes are too many (at most {LARGEST_INDEX:,}).")
    if not 0 < len(names) <= MOST_FILES or not all(isinstance(name, str) and _PLAIN.fullmatch(name) for name in names):
        raise CheckpointError(f"{INDEX}: must name 1 to {MOST_FILES:,} .safetensors files of its own folder.")
    if isinstance(total, float) and total.is_integer():  # some writers count in floats
        total = int(total)
    sound = isinstance(total, int) and not isinstance(total, bool) and 0 <= total <= LARGEST
    return _Index(names, total if sound else None)
