"""A report as one page that opens with no kernel and no network, and runs nothing.

Notes are rendered by markdown-it-py with HTML and images off and links to pages only; a policy in the page's head
forbids scripts and everything from elsewhere once more.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..measures import measure
from .entry import SIGNS, each, outcome

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from .entry import Entry

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
BEGINS = "<!doctype html>\n<!-- llm-viewer report -->\n"
"""What every such page begins with."""
_LINKS = ("http://", "https://", "mailto:", "#")


def as_html(entries: tuple[Entry, ...]) -> str:
    """Text of a page.

    Parameters
    ----------
    entries : tuple of Entry
        The entries.
    """
    listed = "".join(
        f"<li><a href='#finding-{e.number}'>{_mark(e)} {escape(e.finding.pin.title)}</a></li>" for e in entries
    )
    return (
        f"{BEGINS}<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n<title>Findings</title>\n"
        f"<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>Findings</h1>\n<p class='outcome'>{outcome(entries)}</p>\n<ol class='contents'>{listed}</ol>\n"
        f"{''.join(each(_article, entries))}</main>\n</body>\n</html>\n"
    )


def _mark(entry: Entry) -> str:
    status = entry.verdict.status
    return f"<span class='verdict {status.split(maxsplit=1)[0]}'>{SIGNS[status]} {status}</span>"


def _article(entry: Entry) -> str:
    finding, verdict = entry.finding, entry.verdict
    state = " · resolved" if finding.resolved else ""
    rows = "".join(
        f"<tr class='{'' if o.holds else 'broken'}'><th scope='row' title='{escape(o.claim.quantity)}'>"
        f"{escape(measure(finding.pin, o.claim.quantity).label)}</th>"
        f"<td>{escape(o.text.removeprefix(o.claim.quantity).removesuffix(f'({o.claim.condition})'))}</td>"
        f"<td>{escape(o.claim.condition)}</td><td>{'✓ holds' if o.holds else '✗ changed'}</td></tr>"
        for o in verdict.outcomes
    )
    heads = "".join(f"<th scope='col'>{name}</th>" for name in ("measured", "value", "holds while", "today"))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    reason = f"<p class='reason'>{escape(verdict.reason)}.</p>" if verdict.reason and not rows else ""
    answers = "".join(f"<blockquote>{_note(a.text)}{_by(a.author, a.created)}</blockquote>" for a in finding.answers)
    sources = "".join(f"<dt>{escape(what)}</dt><dd>{escape(source)}</dd>" for what, source in entry.sources)
    explained = f"<pre>{escape(entry.explanation)}</pre>" if entry.explanation else ""
    origin = f"<details><summary>Where the numbers are from</summary><dl>{sources}</dl>{explained}</details>"
    why = f"<p class='reason'>{escape(entry.summary)}</p>" if entry.summary and not entry.picture else ""
    drawn = f"<figure>{entry.picture}<figcaption>{escape(entry.summary)}</figcaption></figure>\n{origin}\n"
    return (
        f"<article id='finding-{entry.number}'>\n<h2><b>{entry.number}</b> <bdi>{escape(finding.pin.title)}</bdi> "
        f"{_mark(entry)}{state}</h2>\n<div class='note' dir='auto'>{_note(finding.text)}</div>\n"
        f"{_by(finding.author, finding.created)}{answers}{reason}{table}\n"
        f"{drawn if entry.picture else why}</article>\n"
    )


def _by(author: str, created: str) -> str:
    return f"<p class='by'><bdi>{escape(author or 'anonymous')}</bdi>, {escape(created[:10])}</p>"


def _note(text: str) -> str:
    rendered: str = _renderer().render(text)
    return rendered


@cache
def _renderer() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only a page needs it

    renderer = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20}).enable("table")
    renderer.disable("image")
    untyped: Any = renderer
    untyped.validateLink = lambda url: url.strip().lower().startswith(_LINKS)
    return renderer
