r"""Names of a checkpoint's modules, and patterns that pick some of them out.

A pattern is a module's name or the beginning of one, may hold ``*``, and in compressed-tensors begins with ``re:``. Of
regular expressions only literals, ``.*``, ``\\.`` and alternatives in brackets are read, and none is ever run.
"""

from __future__ import annotations

import math
import re
from fnmatch import fnmatchcase
from itertools import accumulate, islice, product
from typing import TYPE_CHECKING, NamedTuple

from ...basics import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

KEYS = ("modules_to_not_convert", "ignore", "exclude_modules", "ignored_layers", "llm_int8_skip_modules")
MOST, LONGEST = 20_000, 400  # patterns of a configuration, characters of one
MOST_WILD, MOST_TRIED = 1_000, 100_000  # patterns with wildcards, and pairs of one and a layer that it is tried on
_PIECES = re.compile(r"\\\.|\.\*|\([\w|.-]*\)|[\w-]|\*|\.|[$^]")
_WILD = frozenset("*?[")
_LAYER = re.compile(r"(?:.*\.)?(layers\.[\d*].*)")


class Patterns(NamedTuple):
    """What picks modules out.

    Parameters
    ----------
    plain : frozenset of str
        Names, or beginnings of them.
    wild : tuple of str
        Patterns with wildcards.
    """

    plain: frozenset[str]
    wild: tuple[str, ...]


def exceptions(given: Mapping[str, Any], layers: int = 1) -> Patterns:
    """Patterns of modules that stay unquantised.

    Parameters
    ----------
    given : mapping
        A ``quantization_config``.
    layers : int
        Layers whose modules are looked up [1]; the more there are, the fewer wildcards are taken.

    Raises
    ------
    ValueError
        If a pattern says more than is read, or there are too many.
    """
    found = [pattern for key in KEYS for pattern in given.get(key) or ()]
    if len(found) > MOST or any(not isinstance(p, str) or len(p) > LONGEST for p in found):
        raise ValueError(f"exceptions must be at most {MOST:,} texts of at most {LONGEST} characters")
    several = (alternative for pattern in dict.fromkeys(found) for alternative in _alternatives(pattern))
    read = dict.fromkeys(islice(several, MOST + 1))
    wild = tuple(pattern for pattern in read if _WILD.intersection(pattern))
    most_wild = min(MOST_WILD, MOST_TRIED // max(layers, 1))
    if len(read) > MOST or len(wild) > most_wild:
        raise ValueError(f"exceptions must be at most {MOST:,} names and {most_wild:,} patterns with wildcards")
    return Patterns(frozenset(read).difference(wild), wild)


def is_excepted(name: str, patterns: Patterns) -> bool:
    """Whether a module or one that it lies in is picked out.

    Parameters
    ----------
    name : str
        Name from the layers on, such as ``"layers.3.self_attn.q_proj"``.
    patterns : Patterns
        Those of :func:`exceptions`.
    """
    parts = name.split(".")
    beginnings = accumulate(parts, "{}.{}".format)
    return not patterns.plain.isdisjoint((*parts, *beginnings)) or any(
        fnmatchcase(name, pattern) or fnmatchcase(name, f"{pattern}.*") for pattern in patterns.wild
    )


def _alternatives(pattern: str) -> list[str]:
    """Patterns with ``*`` that mean the same; those that name a layer begin with it."""
    if not pattern.startswith("re:"):
        plain = [pattern]
    else:
        expression = pattern.removeprefix("re:")
        pieces = _PIECES.findall(expression)
        choices = [_choices(piece) for piece in pieces]
        if "".join(pieces) != expression or math.prod(map(len, choices)) > MOST:
            raise ValueError(f"the pattern {shown(pattern)} says more than literals, '.*' and a few alternatives")
        plain = ["".join(chosen) for chosen in product(*choices)]
    return [found[1] if (found := _LAYER.fullmatch(p)) and not p.startswith("*") else p for p in plain]


def _choices(piece: str) -> list[str]:
    if piece.startswith("("):
        return piece[1:-1].split("|")
    return {"\\.": ["."], ".*": ["*"], "^": [""], "$": [""]}.get(piece, [piece])
