"""Findings of a file, whatever kind it is."""

from __future__ import annotations

from pathlib import Path

from ..basics import RooflineError, read_whole
from .collection import Findings

READERS = {".ipynb": "a notebook", ".md": "Markdown", ".json": "a list that Findings.save wrote"}
"""Endings of the names of files that hold findings, and what they are."""


def read_findings(path: str | Path) -> Findings:
    """Findings of a notebook, of Markdown or of a ``findings.json``.

    Parameters
    ----------
    path : str or Path
        The file; the ending of its name says what it is.

    Raises
    ------
    OSError
        If it cannot be read.
    RooflineError
        If its name has another ending, it is no regular file, or it holds something else.
    """
    ending = Path(path).suffix.lower()
    if ending == ".ipynb":
        return Findings.from_notebook(path)
    if ending == ".json":
        return Findings.load(path)
    if ending == ".md":
        return Findings.from_markdown(read_whole(path))
    accepted = ", ".join(f"{name} ({what})" for name, what in READERS.items())
    raise RooflineError(f"{path}: findings are read from {accepted}.")
