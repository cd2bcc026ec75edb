"""Rules for what a field of a data file may say, each with the words in which a refusal tells it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..basics import did_you_mean, quantity, shown


class Rule(NamedTuple):
    """What a field accepts.

    Parameters
    ----------
    accepted : str
        What is accepted, in words that follow "must be".
    accepts : callable
        Whether a value of any type is accepted.
    names : tuple of str
        Names of which a refusal offers the nearest; empty where there is no list.
    """

    accepted: str
    accepts: Callable[[object], bool]
    names: tuple[str, ...] = ()

    def problem(self, field: str, value: object) -> str:
        """Sentence that says what is accepted in place of a value; empty where the value itself is."""
        if self.accepts(value):
            return ""
        names = [value] if isinstance(value, str) else value if isinstance(value, dict) else []
        unknown = [name for name in names if name not in self.names]
        near = did_you_mean(unknown[0], self.names, limit=1) if unknown else ""
        return f"{field!r} must be {self.accepted} (got {shown(value)}).{near}"


def matching(pattern: str, accepted: str, names: tuple[str, ...] = ()) -> Rule:
    """Rule for a text that matches a pattern from end to end."""
    compiled = re.compile(pattern)
    return Rule(accepted, lambda value: isinstance(value, str) and bool(compiled.fullmatch(value)), names)


def one_of(*names: str, then: str = "", told: str = "") -> Rule:
    """Rule for one of some names, which what a pattern allows may follow; ``told`` says that in words."""
    accepted = f"one of {', '.join(names)}" + (f"; behind it may stand {told}" if told else "")
    return matching(f"(?:{'|'.join(map(re.escape, names))}){then}", accepted, names)


def one_line(longest: int = 400) -> Rule:
    """Rule for a line of text of so many characters at most, without blanks around it."""
    return matching(rf"(?=\S).{{1,{longest}}}(?<=\S)", f"one line of 1 to {longest} characters, no blanks around it")


def between(low: float, high: float, unit: str, *, whole: bool = False) -> Rule:
    """Rule for a number in a range: one that was written in gigabytes is not in that of bytes."""
    plain = f"{low} to {high}" if whole else f"{quantity(low, unit)} to {quantity(high, unit)}, in {unit}"

    def accepts(value: object) -> bool:
        if not isinstance(value, int | float) or isinstance(value, bool) or (whole and isinstance(value, float)):
            return False
        return low <= value <= high

    return Rule(f"a {'whole ' if whole else ''}number from {plain}", accepts)


def each(rule: Rule) -> Rule:
    """Rule for a list of one item or more, all of which another rule accepts."""
    return Rule(
        f"a list, and each item {rule.accepted}",
        lambda value: isinstance(value, list) and bool(value) and all(map(rule.accepts, value)),
    )


def by_key(keys: Iterable[str], rule: Rule) -> Rule:
    """Rule for an object of some of the keys, all of whose values another rule accepts."""
    known = tuple(keys)

    def accepts(value: object) -> bool:
        return (
            isinstance(value, dict) and bool(value) and {*value} <= {*known} and all(map(rule.accepts, value.values()))
        )

    return Rule(f"an object of {', '.join(known)}, and each {rule.accepted}", accepts, known)
