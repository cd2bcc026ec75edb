"""Texts of a finding that are accepted: cleaned where that loses nothing, else refused with a sentence."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ..basics import RooflineError, shown

LONGEST_TEXT, LONGEST_NAME = 10_000, 200
"""Characters of a text and of a name, at most."""

_REPLACED = re.compile("[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f]")  # what no text has, but for tab and newline
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_ID = re.compile(r"[\w.-]{1,80}", re.ASCII)


def note(text: object) -> str:
    """A text as it is kept: without blank lines around it and without characters that no text has.

    Raises
    ------
    RooflineError
        If it is no text, or a longer one than can be read at a glance.
    """
    if not isinstance(text, str):
        raise RooflineError(f"a text is needed (got {shown(text)}).")
    if len(text) > LONGEST_TEXT:
        raise RooflineError(f"a text has at most {LONGEST_TEXT:,} characters (got {len(text):,}).")
    return _REPLACED.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def name(text: object) -> str:
    """A name as it is kept: on one line."""
    if not isinstance(text, str) or len(text) > LONGEST_NAME:
        raise RooflineError(f"a name is a text of at most {LONGEST_NAME} characters (got {shown(text)}).")
    return " ".join(note(text).split())


def now() -> str:
    """The time, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def identifier(text: object) -> str:
    """An identifier, as it is."""
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise RooflineError(f"an identifier is of letters, digits, '.', '_' and '-' (got {shown(text)}).")
    return text


def moment(text: object) -> str:
    """A time, as it is."""
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise RooflineError(f"a time is written such as 2026-11-25T12:00:00Z (got {shown(text)}).")
    return text
