"""Errors that a person can act on: what is wrong, where, what was got, what is accepted.

Every error of the core is a :class:`RooflineError`, so that a notebook and a board catch one class. Imports the
standard library only.
"""

from __future__ import annotations

import difflib
import re
import reprlib
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


NEAR = 0.6  # likeness from which on a name is offered
LONGEST_TEXT = 1_000  # characters of a text that are looked at for a message
LONGEST_NAME, MOST_NAMES = 100, 2_000  # characters and names that are compared, so that a hostile file costs no time


class RooflineError(ValueError):
    """Anything that the core refuses."""


class UnknownNameError(RooflineError, KeyError):
    """A name that a catalogue does not have."""

    def __str__(self) -> str:
        """Return the plain sentence; a KeyError would quote it."""
        return str(self.args[0]) if self.args else ""


class HardwareError(RooflineError):
    """Figures that describe no device."""


class ConfigError(RooflineError):
    """A model's configuration that cannot be read; lists all its problems, each with its path."""


class CheckpointError(RooflineError):
    """A checkpoint's file that cannot be read, or that says something impossible."""


class WorkloadError(RooflineError):
    """A workload that cannot run."""


class TechniqueError(RooflineError):
    """A technique with an impossible parameter, or one that does not go with the model, the device or another one."""


class PrecisionError(RooflineError):
    """A number format that is unknown or cannot be used."""


def did_you_mean(name: str, names: Iterable[str], limit: int = 3) -> str:
    """Sentence that offers the nearest names, with a leading blank; empty where none is near.

    Parameters
    ----------
    name : str
        What was asked for.
    names : iterable of str
        What exists.
    limit : int
        Names offered at most [1].

    Examples
    --------
    >>> did_you_mean("H100", ["h100-sxm", "h100-pcie", "mi300x"])
    " Did you mean 'h100-sxm' or 'h100-pcie'?"
    """
    plain = {
        candidate: plain_spelling(candidate)
        for candidate in islice(names, MOST_NAMES)
        if len(candidate) <= LONGEST_NAME
    }
    wanted = plain_spelling(name) if len(name) <= LONGEST_NAME else ""
    near = {
        c: difflib.SequenceMatcher(None, wanted, p.rpartition("/")[2]).ratio() + (wanted in p) for c, p in plain.items()
    }
    ranked = sorted((c for c in near if wanted and near[c] >= NEAR), key=lambda c: -near[c])
    nearest = ranked[:limit]
    if not nearest:
        return ""
    quoted = [repr(c) for c in nearest]
    listed = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
    return f" Did you mean {listed}?"


def shown(value: object, length: int = 60) -> str:
    """Text of a value that was got, for a message: on one line, cut where it is long.

    Parameters
    ----------
    value : object
        Anything.
    length : int
        Characters at most [1].
    """
    try:
        text = _Beginning(length).repr(value)
    except (ValueError, RecursionError):  # an int of thousands of digits; lists in lists in lists
        return f"a very large {type(value).__name__}"
    return text if len(text) <= length else f"{text[: length - 3]}..."


class _Beginning(reprlib.Repr):
    """Text that begins as ``repr`` does for so many characters, without a look at what lies behind them."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.maxlevel = self.maxlist = self.maxtuple = self.maxdict = length
        self.maxstring = self.maxlong = self.maxother = LONGEST_TEXT

    def repr_dict(self, x: dict[object, object], level: int) -> str:
        """Keys in their own order; the base sorts them."""
        if level <= 0:
            return "{...}"
        pieces = [f"{self.repr1(key, level - 1)}: {self.repr1(x[key], level - 1)}" for key in islice(x, self.maxdict)]
        return f"{{{', '.join(pieces)}}}"

    def repr_int(self, x: int, level: int) -> str:  # noqa: ARG002 - the base's signature
        """Every digit; one of thousands is refused, as ``repr`` does."""
        return repr(x)


def plain_spelling(name: str) -> str:
    """Name in which case, blanks, ``_`` and ``-`` make no difference.

    Parameters
    ----------
    name : str
        Any spelling of it.
    """
    return re.sub(r"[\s_\-]+", "-", name.strip().casefold())
