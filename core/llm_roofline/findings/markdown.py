"""A finding as a section of Markdown that people read, and from which it is read back.

A section stands between two comments, which no renderer shows. Between them are the head, the note as it was written,
and below a third comment what was measured. The last comment holds the finding's JSON without its text: of that, the
note is the only copy, so that who edits the section edits the finding.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ..basics import RooflineError
from .finding import Finding, scenario_of
from .inert import active, inert, plain
from .json_text import parsed
from .measures import measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

START, MEASURED = "<!-- llm-viewer finding -->", "<!-- llm-viewer measured -->"
_RECORD = "<!-- llm-viewer "
_HEAD = "**Finding "
_HIDDEN = re.compile(r"\\\\|[<>$]")  # what could end the comment, and what in a page would be mathematics
_NUMBER = re.compile(r"^\*\*Finding ([\d,]{1,9}) ·", re.MULTILINE)


def section(finding: Finding, number: int) -> str:
    """Section of a finding.

    Parameters
    ----------
    finding : Finding
        The finding.
    number : int
        Its number in the list [1].
    """
    record = {name: value for name, value in finding.to_json().items() if name != "text"}
    data = _HIDDEN.sub(lambda found: f"\\u{ord(found[0][-1]):04x}", json.dumps(record, separators=(",", ":")))
    state = " · resolved" if finding.resolved else ""
    parts = [
        START,
        f"{_HEAD}{number:,} · {plain(finding.pin.title)}**{state} · {plain(_where(finding))}",
        inert(finding.text),
        MEASURED,
        _table(finding),
        *(_answer(answer.author, answer.created, answer.text) for answer in finding.answers),
        f"*{_by(finding.author, finding.created)}*",
        f"{_RECORD}{data} -->",
    ]
    return "\n\n".join(part for part in parts if part)


def sections(text: str, metadata: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
    """JSON of every finding whose section stands in a text.

    Parameters
    ----------
    text : str
        Markdown, of which the sections may be a part.
    metadata : mapping, optional
        The JSON of a finding, which serves where the text holds none that can be read.
    """
    any_section = False
    lines = text.replace("\r\n", "\n").split("\n")
    start = None
    for place, line in enumerate(lines):
        if line.strip() == START:
            start = place + 1
        elif start is not None and line.startswith(f"{_RECORD}{{"):
            yield {**_record(line, metadata), "text": _note(lines[start:place])}
            any_section, start = True, None
    if not any_section and metadata:
        yield {**metadata, "text": _note(lines[start or 0 :])}


def number_in(text: str) -> int:
    """Number that a section gives its finding; 0 where it has no head [1].

    Parameters
    ----------
    text : str
        The section.
    """
    match = _NUMBER.search(text)
    return int(match[1].replace(",", "")) if match else 0


def _record(line: str, metadata: Mapping[str, Any] | None) -> Mapping[str, Any]:
    try:
        data = parsed(line.removeprefix(_RECORD).strip().removesuffix("-->"))
    except (ValueError, RecursionError):
        data = None
    return data if isinstance(data, dict) else metadata or {}


def _note(lines: list[str]) -> str:
    """The note among the lines of a section, without what is written anew each time."""
    ends = [place for place, line in enumerate(lines) if line.strip() == MEASURED]
    kept = lines[: ends[-1]] if ends else lines
    text = "\n".join(kept).strip()
    if text.startswith(_HEAD):
        text = text.partition("\n")[2].strip()
    return active(text)


def _where(finding: Finding) -> str:
    """The scenario in a few words."""
    try:
        s = scenario_of(finding)
    except RooflineError as error:
        return f"a scenario that cannot be made any more: {error}"
    work = s.workload
    techniques = [t.label for t in s.techniques or () if t.name != "flash-attention"]
    return ", ".join(
        (
            f"{s.model.name} on {s.hardware.title}",
            f"batch {work.batch_size:,}",
            f"{work.prompt_tokens:,} + {work.output_tokens:,} tokens",
            s.precision.weights,
            *techniques,
        )
    )


def _table(finding: Finding) -> str:
    if not finding.claims:
        return ""
    rows = ["| measured | value | holds while |", "|---|---|---|"]
    for claim in finding.claims:
        quantity = measure(finding.pin, claim.quantity)
        value = plain(quantity.written(claim.value))
        rows.append(f"| {quantity.label} (`{claim.quantity}`) | {value} | {plain(claim.condition)} |")
    return "\n".join(rows)


def _answer(author: str, created: str, text: str) -> str:
    quoted = "\n".join(f"> {line}".rstrip() for line in inert(text).split("\n"))
    return f"> *{_by(author, created)}*\n>\n{quoted}"


def _by(author: str, created: str) -> str:
    return f"{plain(author) or 'anonymous'}, {created[:10]}"
