"""Findings in the cells of a notebook's file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..basics import RooflineError, read_whole
from .json_text import parsed
from .markdown import START, sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEY = "llm_viewer"
"""Name under which a cell's metadata hold a finding."""
_OF_JAVASCRIPT = ("constructor", "__proto__")


def records(path: str | Path) -> Iterator[dict[str, Any]]:
    """JSON of every finding in a notebook.

    Parameters
    ----------
    path : str or Path
        The notebook.

    Raises
    ------
    OSError
        If the file cannot be read.
    RooflineError
        If it is no notebook, or no regular file.
    """
    text = read_whole(path)
    try:
        notebook = parsed(text)
    except (ValueError, RecursionError) as error:
        raise RooflineError(f"{path}: no notebook: {error}.") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise RooflineError(f"{path}: no notebook of version 4: it has no list of cells.")
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "markdown":
            source, metadata = cell.get("source", ""), cell.get("metadata")
            joined = "".join(map(str, source)) if isinstance(source, list) else str(source)
            yield from of_cell(joined, metadata if isinstance(metadata, dict) else {})


def of_cell(source: str, metadata: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """JSON of the findings in a Markdown cell; none in one that holds none.

    Parameters
    ----------
    source, metadata : str and mapping
        Of the cell.
    """
    entry = metadata.get(KEY)
    record = from_metadata(entry) if isinstance(entry, dict) and "finding" in entry else None
    if record is not None or START in source:
        yield from sections(source, record)


def to_metadata(record: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata of the cell of a finding; the text is the cell's own.

    A name that every object of JavaScript has already is left out, since a front end may refuse it there; the record in
    the cell's text has it.

    Parameters
    ----------
    record : mapping
        JSON of the finding.
    """
    own = {name: value for name, value in record.items() if name not in {"id", "text", *_OF_JAVASCRIPT}}
    return {"finding": record["id"], **own}


def from_metadata(entry: Mapping[str, Any]) -> dict[str, Any]:
    """JSON of a finding, without its text, of what :func:`to_metadata` made.

    Parameters
    ----------
    entry : mapping
        What the cell's metadata say.
    """
    return {"id": entry["finding"], **{name: value for name, value in entry.items() if name != "finding"}}
