"""Which fast test sees each fault of the table: ``python -m tests.mutations``."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

from .table import MUTATIONS
from .trial import caught


def main() -> int:
    """Print a line a fault; the exit code is how many no test saw."""
    with ThreadPoolExecutor(cpu_count()) as pool:
        seen = list(pool.map(caught, MUTATIONS))
    for mutation, test in zip(MUTATIONS, seen, strict=True):
        print(f"{mutation.breaks}: {test or 'seen by no test'}")  # noqa: T201 - a program
    return seen.count("")


if __name__ == "__main__":
    sys.exit(main())
