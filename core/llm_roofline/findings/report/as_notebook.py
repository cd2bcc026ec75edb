"""A report as a notebook: Markdown cells from which the findings are read back, and a cell that opens each board."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..markdown import section
from ..notebook import KEY, to_metadata
from .as_markdown import details, embedded
from .entry import outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .entry import Entry

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
        cells += _cells(entry)
    notebook = {"cells": cells, "metadata": {"kernelspec": _KERNEL}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _cells(entry: Entry) -> Iterator[dict[str, Any]]:
    finding, number = entry.finding, entry.number
    text = section(finding, number)
    yield _markdown(f"finding-{number}", text, metadata={KEY: to_metadata(finding.to_json())})
    parts = (details(entry), embedded(entry))
    yield _markdown(f"details-{number}", "\n\n".join(part for part in parts if part))
    if not entry.picture:
        return
    scenario = json.dumps(json.dumps(dict(finding.scenario)))
    opened = f"LLMViewer(scenario=Scenario.from_json({scenario}), phase={finding.phase!r})"
    yield _code(f"board-{number}", opened)


def _markdown(name: str, source: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a cell
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source, **more}


def _code(name: str, source: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"outputs": [], "execution_count": None, "metadata": {}}
    return {"cell_type": "code", "id": name, "source": source, **empty}
