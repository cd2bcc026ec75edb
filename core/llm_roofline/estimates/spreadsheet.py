"""Text of a cell of a CSV file in which no spreadsheet finds a formula, however it parts the line into cells."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
_SMALL = "\N{SMALL EQUALS SIGN}\N{SMALL PLUS SIGN}\N{SMALL HYPHEN-MINUS}\N{SMALL COMMERCIAL AT}\N{MINUS SIGN}"
_BEGIN = re.compile(rf"""((?:^|[,;|"'])\s*)(?=[{re.escape(_SIGNS + _SMALL)}])""")


def inert_cell(text: str) -> str:
    """Text on one line, with an apostrophe in front of what a spreadsheet may take for the start of a formula.

    Parameters
    ----------
    text : str
        Any text: a name may come from a stranger's file.

    Examples
    --------
    >>> inert_cell("=HYPERLINK(1)"), inert_cell("a;=1"), inert_cell("Llama-3.1-8B")
    ("'=HYPERLINK(1)", "a;'=1", 'Llama-3.1-8B')
    """
    seen = "".join(c for c in " ".join(text.split()) if unicodedata.category(c) not in {"Cc", "Cf"})
    return _BEGIN.sub(r"\1'", seen.strip())
