"""Files that are whole or absent: written beside their place, then renamed.

Imports the standard library only.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from .errors import RooflineError


def write_whole(path: str | Path, text: str) -> None:
    """Write a text under a temporary name beside the target and rename, so that a reader never meets half a file.

    Parameters
    ----------
    path : str or Path
        The target; what it held is replaced.
    text : str
        What to write, as UTF-8.

    Raises
    ------
    OSError
        If it cannot be written; what the target held is still there then.
    RooflineError
        If the target is no regular file.
    """
    path = Path(path)
    # a link is refused as well: renaming would replace what /dev/stdout points to
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise RooflineError(f"{path}: not a regular file, and nothing else is written to. Give the name of a file.")
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        # backslashreplace: a folder's name that is not UTF-8 reaches us as lone surrogates
        beside.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
