"""What a command reads, which it never writes over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..basics import RooflineError

if TYPE_CHECKING:
    from collections.abc import Iterable

_READ = ("config.json", ".safetensors", ".gguf", ".index.json")  # ends of the names of what is read in a folder


def inputs(model: str) -> list[Path]:
    """Files that a model is read from; none for a name of the catalogue.

    Parameters
    ----------
    model : str
        As it was given.
    """
    path = Path(model)
    return [file for file in path.iterdir() if file.name.endswith(_READ)] if path.is_dir() else [path]


def outputs(csv: str | None, json: str | None) -> list[Path]:
    """Files that may be written.

    Parameters
    ----------
    csv, json : str or None
        Folder of the tables and file of the data, as they were given.
    """
    tables = list(Path(csv).glob("*.csv")) if csv is not None else []
    return [*tables, *([Path(json)] if json is not None else [])]


def refuse_inputs(written: Iterable[str | Path], read: Iterable[str | Path]) -> None:
    """Refuse to write over what is read, under whatever name.

    Parameters
    ----------
    written, read : iterable of str or Path
        Files of both kinds; those that are not there yet are written over by nobody.

    Raises
    ------
    RooflineError
        If one is both.
    """
    kept = [Path(path) for path in read if Path(path).exists()]
    for path in map(Path, written):
        if path.exists() and any(path.samefile(one) for one in kept):
            raise RooflineError(f"{path}: this is what is read, and is not written over. Give another name.")
