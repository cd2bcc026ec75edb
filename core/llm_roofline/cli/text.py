"""Text for a terminal, with its colours and without what could steer it."""

from __future__ import annotations

from rich.text import Text

COLOURS = {"memory": "cyan", "compute": "magenta", "link": "yellow"}
STYLES = {"kind": "dim", "": "blue", "family": "dim", "device": "dim"}
BAR = 8  # characters of the longest bar
BLOCKS = " ▏▎▍▌▋▊▉█"


def printable(text: str) -> str:
    """Text without control characters: a name may come from a stranger's file and must not steer the terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def line(text: str, style: str) -> Text:
    """Lines in a style."""
    return Text("\n".join(map(printable, text.split("\n"))), style)


def cell(column: str, text: str) -> Text:
    """Cell of a table in the style of its column."""
    return Text(printable(text), COLOURS.get(text, "") if column == "bound" else STYLES.get(column, ""))


def bar(share: float) -> str:
    """Bar of a share of the longest, to an eighth of a character."""
    eighths = round(share * BAR * 8)
    return ("█" * (eighths // 8) + BLOCKS[eighths % 8]).strip()
