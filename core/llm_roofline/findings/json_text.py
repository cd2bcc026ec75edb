"""JSON of a stranger: what Python does not read of it harms nothing that stands beside."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

DEEPEST = 100
"""Brackets within brackets that are kept as such where there are more than Python reads [1]."""
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def parsed(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Data of a JSON text. A number of more digits, or deeper brackets, than Python reads is kept as its text.

    Parameters
    ----------
    text : str
        The text.

    Raises
    ------
    ValueError
        If it is no JSON.
    RecursionError
        If its brackets have no end.
    """
    try:
        return json.loads(text, parse_int=_whole)
    except RecursionError:
        return json.loads(_shallow(text), parse_int=_whole)


def _whole(digits: str) -> int | str:
    most = sys.get_int_max_str_digits()
    return digits if most and len(digits) > most else int(digits)


def _shallow(text: str) -> str:
    """JSON whose values deeper than :data:`DEEPEST` are texts."""
    parts, depth, copied, begin = [], 0, 0, 0
    for token in _TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == DEEPEST:
                begin = token.start()
        elif token[0] in "]}":
            if depth == DEEPEST:
                parts += [text[copied:begin], json.dumps(text[begin : token.end()])]
                copied = token.end()
            depth -= 1
    return "".join((*parts, text[copied:]))
