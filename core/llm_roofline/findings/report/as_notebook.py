"""A report as a notebook: Markdown cells from which the findings are read back, and a cell that opens each board."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..markdown import section
from ..notebook import KEY, to_metadata
from .as_markdown import details, embedded
from .entry import outcome, unwritten

if TYPE_CHECKING:
    from .entry import Entry

BEGINS = '{\n "nbformat": 4,\n "nbformat_minor": 5,\n "metadata": {\n  "llm_viewer": "report",'
"""What every such file begins with, until somebody has opened and saved it."""
_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def as_notebook(entries: tuple[Entry, ...]) -> str:
    """JSON of a notebook, version 4.5.

    Parameters
    ----------
    entries : tuple of Entry
        The entries.
    """
    imports = "from llm_roofline import Scenario\nfrom llm_viewer_widgets import LLMViewer"
    cells = [_markdown("head", f"# Findings\n\n{outcome(entries)}"), _code("imports", imports)]
    for entry in entries:
        try:
            cells += _cells(entry)
        except Exception as error:  # noqa: BLE001 - whatever it is, every other entry is written
            cells.append(_markdown(f"finding-{entry.number}", unwritten(entry, error)))
    metadata = {KEY: "report", "kernelspec": _KERNEL}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return json.dumps(notebook, indent=1) + "\n"


def _cells(entry: Entry) -> list[dict[str, Any]]:
    finding, number = entry.finding, entry.number
    parts = (details(entry), embedded(entry))
    cells = [
        _markdown(f"finding-{number}", section(finding, number), metadata={KEY: to_metadata(finding.to_json())}),
        _markdown(f"details-{number}", "\n\n".join(part for part in parts if part)),
    ]
    if entry.picture:
        scenario = json.dumps(json.dumps(dict(finding.scenario)))
        opened = f"LLMViewer(scenario=Scenario.from_json({scenario}), phase={finding.phase!r})"
        cells.append(_code(f"board-{number}", opened))
    return cells


def _markdown(name: str, source: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a cell
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source, **more}


def _code(name: str, source: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"outputs": [], "execution_count": None, "metadata": {}}
    return {"cell_type": "code", "id": name, "source": source, **empty}
