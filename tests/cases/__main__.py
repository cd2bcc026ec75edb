"""Run a folder of reported cases: ``python -m tests.cases FOLDER [WORD ...]``, those with a word in their name alone.

A case is a JSON file. One that somebody reported has ``how`` its ``input`` is given (``fields`` of a configuration; a
model of the ``catalogue`` and what to ``change``; a ``folder`` of files and headers of safetensors; ``gguf``), what to
``expect`` and with which ``tolerance``, and whether ``accept`` names a refusal or a note that will do as well. One
that another implementation counted has its ``config`` and what is ``expected`` of it, to the unit.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from .verdict import verdict

LEFT_OUT = "type-"
"""How names of cases begin that ask for a family which is not read, no number that is wrong."""


def main(folder: str, *words: str) -> int:
    """Print a line a case and what they come to; the exit code is 1 if any is wrong."""
    files = [path for path in sorted(Path(folder).rglob("*.json")) if not path.name.startswith(LEFT_OUT)]
    files = [path for path in files if not words or any(word in path.stem for word in words)]
    if not files:
        print(f"There are no reported cases in {folder}: CASES=folder names another one.")
        return 0
    ended: Counter[str] = Counter()
    for path in files:
        found = verdict(json.loads(path.read_text(encoding="utf-8")))
        ended[found.word] += 1
        print(f"{path.stem:48} {found.word:8} {found.text}")
    print(f"{len(files)} cases: " + ", ".join(f"{number} {word}" for word, number in sorted(ended.items())))
    return int(bool(ended["wrong"]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
