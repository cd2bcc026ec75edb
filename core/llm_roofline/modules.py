r"""Names of a checkpoint's modules, and patterns that pick some of them out.

A pattern is a module's name or the beginning of one, may hold ``*``, and in compressed-tensors begins with ``re:``. Of
regular expressions only literals, ``.*``, ``\\.`` and alternatives in brackets are read, and none is ever run.
"""

from __future__ import annotations

import math
import re
from fnmatch import fnmatchcase
from itertools import product
from typing import TYPE_CHECKING

from .errors import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

KEYS = ("modules_to_not_convert", "ignore", "exclude_modules", "ignored_layers", "llm_int8_skip_modules")
MOST, LONGEST = 20_000, 400  # patterns of a configuration, characters of one
_PIECES = re.compile(r"\\\.|\.\*|\([\w|.-]*\)|[\w-]|\*|\.|[$^]")
_LAYER = re.compile(r"(?:.*\.)?(layers\.[\d*].*)")


def exceptions(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Patterns of modules that stay unquantised.

    Parameters
    ----------
    given : mapping
        A ``quantization_config``.

    Raises
    ------
    ValueError
        If a pattern says more than is read.
    """
    found = [pattern for key in KEYS for pattern in given.get(key) or ()]
    if len(found) > MOST or any(not isinstance(p, str) or len(p) > LONGEST for p in found):
        raise ValueError(f"exceptions must be at most {MOST:,} texts of at most {LONGEST} characters")
    return tuple(dict.fromkeys(plain for pattern in found for plain in _plain(pattern)))


def is_excepted(name: str, patterns: Sequence[str]) -> bool:
    """Whether a module or one that it lies in is picked out.

    Parameters
    ----------
    name : str
        Name from the layers on, such as ``"layers.3.self_attn.q_proj"``.
    patterns : sequence of str
        Patterns of :func:`exceptions`.
    """
    parts = name.split(".")
    return any(
        fnmatchcase(name, pattern)
        or fnmatchcase(name, f"{pattern}.*")
        or ("*" not in pattern and "." not in pattern and pattern in parts)
        for pattern in patterns
    )


def _plain(pattern: str) -> list[str]:
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
