"""``llm-viewer check`` and ``llm-viewer report``: the findings of files, checked again and written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from ..findings import FORMS, HOLDS, READERS, in_words, read_findings, write_report
from .arguments import FORCE
from .inputs import refuse_inputs
from .parsing import Parser
from .terminal import show
from .text import line, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..findings import Findings, Verdict

BROKEN = 1
"""Exit code where a finding does not hold."""
_STYLES = {HOLDS: "green", "changed": "red"}
_FILES = f"files of findings: {', '.join(READERS)}"


def check(arguments: Sequence[str]) -> int:
    """Check the findings of files; the exit code is 0 where all hold, else 1.

    Parameters
    ----------
    arguments : sequence of str
        What follows ``llm-viewer check``.
    """
    parser = Parser(
        prog="llm-viewer check",
        description="Evaluate the findings of notebooks anew, by today's models, devices and formulas.",
        epilog="The exit code is 0 where all hold, 1 where one does not, 2 where a file cannot be read.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help=_FILES)
    read = [(path, read_findings(path)) for path in parser.parse_args(arguments).files]
    checked = [(path, findings, findings.check()) for path, findings in read]
    several = len(checked) > 1
    lines = [one for path, f, v in checked for one in _lines(path if several else "", f, v)]
    verdicts = [verdict for *_, outcomes in checked for verdict in outcomes]
    show([*lines, line(in_words(verdicts), "bold")])
    held = all(verdict.status == HOLDS for verdict in verdicts)
    return 0 if held and not any(findings.unread for findings in (f for _, f, _ in checked)) else BROKEN


def report(arguments: Sequence[str]) -> int:
    """Write a report on the findings of a file; the exit code is 0.

    Parameters
    ----------
    arguments : sequence of str
        What follows ``llm-viewer report``.
    """
    parser = Parser(
        prog="llm-viewer report",
        description="Write the findings of a notebook with pictures of their states, their numbers and their sources.",
    )
    parser.add_argument("file", metavar="FILE", help=_FILES)
    parser.add_argument("report", metavar="REPORT", help=f"the report, a name that ends in {', '.join(FORMS)}")
    parser.add_argument("--force", action="store_true", help=FORCE)
    asked = parser.parse_args(arguments)
    findings = read_findings(asked.file)
    refuse_inputs([asked.report], [asked.file])
    write_report(findings, asked.report, force=asked.force)
    show([line(f"{asked.report}: {in_words(findings.check())}", "bold"), *_unread(findings)])
    return 0


def _lines(path: str, findings: Findings, verdicts: Sequence[Verdict]) -> Iterator[Text]:
    if path:
        yield line(path, "bold")
    for number, verdict in enumerate(verdicts, 1):
        why = f": {verdict.reason}" if verdict.reason else ""
        place = f" · {verdict.finding.pin.title}"
        yield Text.assemble(
            f"{number:>4,}  ",
            (f"{verdict.status}", _STYLES.get(verdict.status, "yellow")),
            printable(f"{place}{why}"),
        )
    yield from _unread(findings)


def _unread(findings: Findings) -> Iterator[Text]:
    for unread in findings.unread:
        yield line(f"   –  cannot be read: {unread.reason}", "yellow")
