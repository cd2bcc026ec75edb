"""Files that are whole or absent: read with a look at what they are, written beside their place, then renamed.

Imports the standard library only.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from .errors import RooflineError

LARGEST = 100_000_000
"""Bytes of a file that is read as text, at most [byte]."""


def read_whole(path: str | Path, largest: int = LARGEST) -> str:
    """Text of a file; what is no UTF-8 in it becomes a replacement character.

    Parameters
    ----------
    path : str or Path
        The file.
    largest : int
        Bytes at most [byte].

    Raises
    ------
    OSError
        If it cannot be read.
    RooflineError
        If it is no regular file, such as a pipe or a device whose end may never come, is empty or too long.
    """
    with open(path, "rb", opener=_without_waiting) as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise RooflineError(f"{path}: not a regular file, and nothing else is read. Give the name of a file.")
        if about.st_size == 0:  # so is what a system makes while it is read, in /proc
            raise RooflineError(f"{path}: the file is empty.")
        if about.st_size > largest:
            raise RooflineError(f"{path}: {about.st_size:,} bytes are too many (at most {largest:,}).")
        return file.read(largest).decode("utf-8-sig", errors="replace")


def write_whole(path: str | Path, text: str, *, begins: str | None = None, force: bool = False) -> None:
    """Write a text under a temporary name beside the target and rename, so that a reader never meets half a file.

    Parameters
    ----------
    path : str or Path
        The target; what it held is replaced, and who may read it stays.
    text : str
        What to write, as UTF-8.
    begins : str, optional
        As in :func:`refuse_loss`; left out, any file is replaced.
    force : bool
        Likewise.

    Raises
    ------
    OSError
        If it cannot be written; what the target held is still there then.
    RooflineError
        If the target is no regular file, or one of somebody else's.
    """
    path = Path(path)
    _refuse_other_kinds(path)
    if begins is not None:
        refuse_loss(path, begins, force=force)
    beside = path.with_name(f".{uuid4().hex}.part")
    try:
        # backslashreplace: a folder's name that is not UTF-8 reaches us as lone surrogates
        beside.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
        with suppress(FileNotFoundError):
            beside.chmod(stat.S_IMODE(path.stat().st_mode))
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def refuse_loss(path: str | Path, begins: str, *, force: bool = False) -> None:
    """Refuse to write over a file that does not begin as those of its kind do which we make.

    Parameters
    ----------
    path : str or Path
        The target; one that is not there or is empty loses nothing.
    begins : str
        What each of ours begins with.
    force : bool
        Whether it is to be written over whatever it is.

    Raises
    ------
    OSError
        If what is there cannot be read.
    RooflineError
        If it is no regular file, or one of somebody else's.
    """
    path = Path(path)
    _refuse_other_kinds(path)
    if force or not path.exists():
        return
    sign = begins.encode()
    with open(path, "rb", opener=_without_waiting) as file:
        found = file.read(len(sign))
    if found not in {b"", sign}:
        raise RooflineError(
            f"{path}: there is a file already that llm-viewer has not made, and it stays as it is. Give another name, "
            "or --force on the command line and force=True in Python."
        )


def _refuse_other_kinds(path: Path) -> None:
    # a link is refused as well: renaming would replace what /dev/stdout points to
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise RooflineError(f"{path}: not a regular file, and nothing else is written to. Give the name of a file.")


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe that nobody writes into does not hold us up."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
