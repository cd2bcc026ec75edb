"""Reports: findings with pictures of their states, numbers and sources, as Markdown, as a notebook, as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...basics import RooflineError, refuse_loss, write_whole
from .as_html import BEGINS as HTML_BEGINS
from .as_html import as_html
from .as_markdown import BEGINS as MARKDOWN_BEGINS
from .as_markdown import as_markdown
from .as_notebook import BEGINS as NOTEBOOK_BEGINS
from .as_notebook import as_notebook
from .entry import entries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..finding import Finding

FORMS = {".md": as_markdown, ".ipynb": as_notebook, ".html": as_html}
"""Makers of a report by the ending of its file's name."""
_BEGINS = {".md": MARKDOWN_BEGINS, ".ipynb": NOTEBOOK_BEGINS, ".html": HTML_BEGINS}

__all__ = ["FORMS", "as_html", "as_markdown", "as_notebook", "entries", "write_report"]


def write_report(findings: Iterable[Finding], path: str | Path, *, force: bool = False) -> None:
    """Write a report; the ending of the file's name says which kind.

    Parameters
    ----------
    findings : iterable of Finding
        What it is about.
    path : str or Path
        A name that ends in ``.md``, ``.ipynb`` or ``.html``.
    force : bool
        Whether to write over a file that is no report.

    Raises
    ------
    RooflineError
        If the name has another ending, or is that of a file which is no report.
    OSError
        If it cannot be written.
    """
    ending = Path(path).suffix.lower()
    if ending not in FORMS:
        raise RooflineError(f"{path}: a report ends in {', '.join(FORMS)}.")
    refuse_loss(path, _BEGINS[ending], force=force)  # before the work
    write_whole(path, FORMS[ending](entries(findings)), begins=_BEGINS[ending], force=force)
