"""One thing at a time: a cell runs in one thread of the kernel, and what a page says may arrive in another.

JupyterLab 4.4 and later sends the messages of widgets through a subshell of ipykernel, which answers while a cell runs.
"""

from __future__ import annotations

from functools import wraps
from threading import RLock
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")
_turn = RLock()


def one_at_a_time(act: Callable[Parameters, Returned]) -> Callable[Parameters, Returned]:
    """Function that waits until no other thread is in a function of this kind."""

    @wraps(act)
    def waiting(*args: Parameters.args, **keywords: Parameters.kwargs) -> Returned:
        with _turn:
            return act(*args, **keywords)

    return waiting
