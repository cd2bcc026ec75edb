"""Fences of code in a note: one that nobody closes would take in whatever follows the note.

Renderers agree on fences that are opened and closed by lines which are indented alike, with nothing else in front of
them. All others are taken for fences that are left open.
"""

from __future__ import annotations

import re

JOINER = "\N{WORD JOINER}"
_ANY = re.compile(f"(?:`{JOINER}*){{3}}|(?:~{JOINER}*){{3}}")
_FENCE = re.compile(r"(?P<indent> *)(?P<fence>`{3,10}(?!`)(?=[^`]*$)|~{3,})(?P<info>.*)")
_QUOTED = re.compile(r" {0,3}>")


def is_left_open(text: str) -> bool:
    """Whether a fence of a note may be open where it ends.

    Parameters
    ----------
    text : str
        Markdown. One whose fences are broken up by joiners is taken for what it was before.
    """
    fenced = [line for line in text.split("\n") if _ANY.search(line)]
    if fenced and (JOINER in "".join(fenced) or "$$" in text):
        return True
    begin: re.Match[str] | None = None
    for line in text.split("\n") if fenced else ():
        fence = _FENCE.fullmatch(line)
        if begin is None:
            if _ANY.search(line) and not fence and not _QUOTED.match(line):
                return True
            begin = fence
        elif line.strip() and not line.startswith(begin["indent"]):
            return True
        elif fence and fence["fence"].startswith(begin["fence"]) and not fence["info"].strip():
            if fence["indent"] != begin["indent"]:
                return True
            begin = None
    return begin is not None
