"""A lock on a file, for as long as it takes to read it, change it and write it again.

The system gives it back when a program ends, however it ends. Imports the standard library only.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import RooflineError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_WAIT, PAUSE = 10.0, 0.005
"""Time that one waits for another, and between two looks [s]."""


@contextmanager
def locked(path: str | Path) -> Iterator[None]:
    """Keep others who do the same from a file meanwhile, in this program and in every other.

    Parameters
    ----------
    path : str or Path
        The file; it need not be there.

    Raises
    ------
    OSError
        If nothing can be written beside it.
    RooflineError
        If another holds it for longer than a save takes.
    """
    path = Path(path)
    beside = path.with_name(f".{path.name[:100]}.lock")
    until = time.monotonic() + LONGEST_WAIT
    while (held := _taken(beside)) is None:
        if time.monotonic() > until:
            raise RooflineError(f"{path}: another program has been writing it for {LONGEST_WAIT:g} s. Try again.")
        time.sleep(PAUSE)
    try:
        yield
    finally:
        with suppress(OSError):  # some systems remove no open file: it is locked again the next time
            beside.unlink(missing_ok=True)
        os.close(held)


def _taken(beside: Path) -> int | None:
    """Descriptor of the lock's file; None while another holds it or has just removed it."""
    found = os.open(beside, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(found)
        if os.path.samestat(os.fstat(found), beside.stat()):
            return found
    except OSError:
        pass
    except BaseException:
        os.close(found)
        raise
    os.close(found)
    return None


def _lock(found: int) -> None:
    """Lock an open file, or raise where it is locked."""
    if sys.platform == "win32":
        msvcrt.locking(found, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
