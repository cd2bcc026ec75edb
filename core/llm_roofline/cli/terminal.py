"""The way to standard output."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType


def show(parts: Iterable[RenderableType]) -> None:
    """Print parts, one below the other.

    Raises
    ------
    OSError
        If the output takes no more, and is no pipe whose reader has gone.
    """
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    with console.capture() as captured:
        console.print(*parts, sep="\n")
    # lines end where their text does, so that a pasted table is as narrow as it looks
    text = "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is buffered would fail again at exit
        if not isinstance(error, BrokenPipeError):  # a reader such as head has seen enough
            raise
