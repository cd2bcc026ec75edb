r"""Patterns that pick modules of a checkpoint out: names, names with ``*``, and a few regular expressions.

Of regular expressions only literals, ``.*``, ``.+``, ``\d+``, classes such as ``[0-5]`` and alternatives in brackets
are read, as names with ``*``; none is ever run.
"""

from __future__ import annotations

import re
from itertools import islice, product
from typing import TYPE_CHECKING

from ...basics import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST, LONGEST = 100_000, 400  # patterns of a configuration, characters of one
MOST_ALTERNATIVES = 2_000  # of one expression
_TOKEN = re.compile(
    r"\\d[+*]|\.[*+]|\\[.\-_/]|\(\?:|\[(?P<class>[\w-]+)\](?P<many>[+*]?)|(?P<literal>[\w-]+)|[.*()|$^]", re.ASCII
)
_SAYS_MORE = "says more than literals, '.*' and a few alternatives"


def alternatives(texts: Iterable[str], *, expressions: bool = False) -> Iterator[tuple[str, str]]:
    """Names with ``*`` that patterns mean, each with the pattern that it comes from.

    Parameters
    ----------
    texts : iterable of str
        Patterns; those that begin with ``re:`` are regular expressions.
    expressions : bool
        All of them are.

    Raises
    ------
    ValueError
        If a pattern says more than is read, or there are too many.
    """
    found = list(islice(texts, MOST + 1))
    if len(found) > MOST or any(not isinstance(text, str) or len(text) > LONGEST for text in found):
        raise ValueError(f"names of modules must be at most {MOST:,} texts of at most {LONGEST} characters")
    for text in dict.fromkeys(found):
        if expressions or text.startswith("re:"):
            for name in _Expression(text.removeprefix("re:")).names():
                yield name, text
        else:
            yield text, text


class _Expression:
    """A regular expression that is read, not run; its beginning has to match, as ``re.match`` has it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[re.Match[str]] = []
        end = 0
        for token in _TOKEN.finditer(text):
            if token.start() != end:
                self._refuse()
            self._tokens.append(token)
            end = token.end()
        if end != len(text):
            self._refuse()

    def names(self) -> list[str]:
        """Names with ``*`` that it means."""
        self._place = 0
        found = self._either()
        if self._place < len(self._tokens):
            self._refuse()
        ends = [name.removesuffix("$") if name.endswith("$") else f"{name}*" for name in found]
        return list(dict.fromkeys(re.sub(r"\*+", "*", name.replace("$", "")) for name in ends))

    def _either(self) -> list[str]:
        found = self._sequence()
        while self._next("|"):
            found += self._sequence()
        if len(found) > MOST_ALTERNATIVES:
            self._refuse()
        return found

    def _sequence(self) -> list[str]:
        found = [""]
        while self._place < len(self._tokens) and self._tokens[self._place][0] not in ("|", ")"):
            choices = self._piece()
            if len(found) * len(choices) > MOST_ALTERNATIVES:
                self._refuse()
            found = ["".join(pair) for pair in product(found, choices)]
        return found

    def _piece(self) -> list[str]:
        token = self._tokens[self._place]
        self._place += 1
        if token[0] in ("(", "(?:"):
            found = self._either()
            if not self._next(")"):
                self._refuse()
            return found
        if token["class"]:
            return ["*"] if token["many"] else self._characters(token["class"])
        if token["literal"]:
            return [token[0]]
        simple = {".": ".", "^": "", "$": "$", ".*": "*", ".+": "*", "\\d+": "*", "\\d*": "*"}
        if token[0] in simple:
            return [simple[token[0]]]
        if not token[0].startswith("\\"):  # a star or a bracket that repeats what is before it
            self._refuse()
        return [token[0][1]]

    def _characters(self, given: str) -> list[str]:
        """Characters of a class such as ``0-5``."""
        found = re.sub(r"(\w)-(\w)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), given)
        if len(found) > MOST_ALTERNATIVES:
            self._refuse()
        return list(dict.fromkeys(found)) or self._refuse()

    def _next(self, token: str) -> bool:
        if self._place < len(self._tokens) and self._tokens[self._place][0] == token:
            self._place += 1
            return True
        return False

    def _refuse(self) -> list[str]:
        raise ValueError(f"the pattern {shown(self._text)} {_SAYS_MORE}")
