"""Count the options of tests/golden/options.json anew: configs of the catalogue with some keys set otherwise.

    .referee/bin/python -m tests.referee.options CONFIG_DIR

A new option is a line with a model and its changes, whatever count it has.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from . import patches
from .build import build, parameters, text_parts
from .changes import changed

GOLDEN = Path(__file__).parents[1] / "golden" / "options.json"


def main() -> None:
    """Write the file with the counts of today's classes."""
    patches.apply()
    options = json.loads(GOLDEN.read_text(encoding="utf-8"))
    for option in options:
        path = Path(sys.argv[1]) / f"{option['model'].replace('/', '--')}.json"
        config = changed(json.loads(path.read_text(encoding="utf-8")), option["changes"])
        option["parameters"] = parameters(*text_parts(build(config)))
    GOLDEN.write_text("[\n " + ",\n ".join(map(json.dumps, options)) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
