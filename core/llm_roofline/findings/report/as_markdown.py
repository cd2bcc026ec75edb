"""A report in Markdown, from which the findings are read back.

Its pictures are data within the text, so that it is one file: editors and Jupyter show them (JupyterLab takes no SVG as
an attachment of a cell); where a site does not, the numbers stand in the tables.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from ..inert import plain, verbatim
from ..markdown import section
from .entry import SIGNS, each, outcome

if TYPE_CHECKING:
    from .entry import Entry


BEGINS = "<!-- llm-viewer report -->\n"
"""What every such text begins with."""


def as_markdown(entries: tuple[Entry, ...]) -> str:
    """Text of a report.

    Parameters
    ----------
    entries : tuple of Entry
        The entries.
    """
    parts = [f"{BEGINS}# Findings", outcome(entries), *each(_written, entries)]
    return "\n\n".join(parts) + "\n"


def _written(entry: Entry) -> str:
    parts = (section(entry.finding, entry.number), details(entry), embedded(entry))
    return "\n\n".join(part for part in parts if part)


def details(entry: Entry) -> str:
    """Picture, sources and explanation that a report has below a finding.

    Parameters
    ----------
    entry : Entry
        The finding's entry.
    """
    verdict = entry.verdict
    lines = [f"{SIGNS[verdict.status]} **{verdict.status}**{verdict.reason and f': {plain(verdict.reason)}'}"]
    lines += [f"- {plain(outcome.text)}" for outcome in verdict.outcomes]
    parts = ["\n".join([lines[0], "", *lines[1:]]) if verdict.outcomes else lines[0], plain(entry.summary)]
    parts.append("\n".join(f"- {plain(what)}: {plain(source)}" for what, source in entry.sources))
    if entry.explanation:
        parts.append(verbatim(entry.explanation))
    return "\n\n".join(part for part in parts if part)


def embedded(entry: Entry) -> str:
    """Picture of a finding's state as data within Markdown; nothing where there is none.

    Parameters
    ----------
    entry : Entry
        The finding's entry.
    """
    if not entry.picture:
        return ""
    data = b64encode(entry.picture.encode()).decode()
    return f"![the state of finding {entry.number}](data:image/svg+xml;base64,{data})"
