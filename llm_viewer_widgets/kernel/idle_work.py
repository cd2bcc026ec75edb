"""Work that waits until the kernel has nothing better to do, in slices, the newest first."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from .one_at_a_time import one_at_a_time

if TYPE_CHECKING:
    from collections.abc import Iterator

PAUSE, SLICE = 0.08, 0.008  # without a further change before it begins, and at a time [s]


class IdleWork:
    """Runs an iterator after a pause; a newer one takes its place. Without an event loop it runs at once."""

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None
        self._newest: Iterator[None] | None = None

    def run(self, work: Iterator[None]) -> None:
        """Run through an iterator, whose steps are short.

        Parameters
        ----------
        work : iterator
            Does a part of the work at each step.
        """
        self.stop()
        self._newest = work
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            for _ in work:
                pass
            return
        self._timer = loop.call_later(PAUSE, self._slice, work, loop)

    def stop(self) -> None:
        """Leave off what has not been done."""
        if self._timer:
            self._timer.cancel()
        self._timer = self._newest = None

    @one_at_a_time
    def _slice(self, work: Iterator[None], loop: asyncio.AbstractEventLoop) -> None:
        """Work for a moment, and let the kernel look for messages before the next."""
        if work is not self._newest:  # which another thread has begun since
            return
        until = time.perf_counter() + SLICE
        for _ in work:
            if time.perf_counter() > until:
                self._timer = loop.call_later(0, self._slice, work, loop)
                return
        self._timer = None
