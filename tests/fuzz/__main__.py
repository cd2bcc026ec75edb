"""Read broken configurations on every core: ``python -m tests.fuzz [HOW_MANY [FIRST]]``, 100,000 from 0 on.

Each has to be a model or a ConfigError, within a second and 200 MB.
"""

from __future__ import annotations

import signal
import sys
import tracemalloc
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from heapq import nlargest
from os import cpu_count

from .broken import broken
from .trial import Trial, tried

ENDED = hasattr(signal, "SIGALRM")  # not on Windows
LONGEST = 20  # seconds after which a trial is ended
MOST_OF_A_PROCESS = 4_000_000_000  # byte, beyond which there is a MemoryError
SHOWN = 20


def start() -> None:
    """Watch memory, and end what would not end by itself or take the whole machine, in a process of the pool."""
    tracemalloc.start()
    if ENDED:
        import resource  # noqa: PLC0415 - Windows has none

        signal.signal(signal.SIGALRM, interrupt)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_OF_A_PROCESS, MOST_OF_A_PROCESS))


def interrupt(*_: object) -> None:
    """End a trial."""
    raise RuntimeError(f"does not end within {LONGEST} s")


def trial(number: int) -> tuple[int, Trial]:
    """Try the configuration of a number."""
    fields = broken(number)
    if ENDED:
        signal.alarm(LONGEST)
    try:
        return number, tried(fields)
    finally:
        if ENDED:
            signal.alarm(0)


def main(many: int = 100_000, first: int = 0) -> int:
    """Print what the answers were, the dearest of them, and each fault by its number; the exit code is 1 if any is."""
    with ProcessPoolExecutor(cpu_count(), initializer=start) as pool:
        found = dict(pool.map(trial, range(first, first + many), chunksize=100))
    faults = {number: one.fault for number, one in found.items() if one.fault}
    answers = Counter(one.answer for number, one in found.items() if number not in faults)
    print(f"{many:,} broken configurations: " + ", ".join(f"{n:,} {answer}" for answer, n in answers.items()))
    slow = nlargest(3, found, key=lambda number: found[number].seconds)
    large = nlargest(3, found, key=lambda number: found[number].peak_bytes)
    print("longest: " + ", ".join(f"{found[n].seconds:.2f} s ({n})" for n in slow))
    print("largest: " + ", ".join(f"{found[n].peak_bytes / 1e6:.1f} MB ({n})" for n in large))
    print(f"{len(faults)} faults", *(f"  {n}: {faults[n]}" for n in sorted(faults)[:SHOWN]), sep="\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
