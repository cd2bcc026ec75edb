"""Write the referee's counts, or print those of one model by module.

    python -m tests.referee CONFIG_DIR                     writes referee.json and variations.json
    python -m tests.referee CONFIG_DIR --by-module NAME    prints parameters and FLOP of one model by module

`make referee` does the first in an environment of its own; `.referee/bin/python -m tests.referee ...` runs it by hand.
CONFIG_DIR holds a config a model, named `owner--name.json` or `owner--name_config.json`; NAME is `owner/name`.
"""

from __future__ import annotations

import argparse
import json
import platform
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from . import patches
from .counts import by_module, counts, vision_counts
from .missing import MISSING
from .passes import BATCH, PROMPT_TOKENS, START_TOKENS
from .products import KINDS
from .variations import variations

GOLDEN = Path(__file__).parents[1] / "golden"
VERSIONS = {
    "python": platform.python_version(),
    "torch": torch.__version__,
    "transformers": transformers.__version__,
    "diffusers": diffusers.__version__,
}


def hub_id(path: Path) -> str:
    """Name of a model on the hub, `owner/name`, from that of its config file."""
    return path.stem.removesuffix("_config").replace("--", "/")


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config_dir", type=Path)
    parser.add_argument("--by-module", metavar="NAME")
    given = parser.parse_args()
    patches.apply()
    configs = {hub_id(p): json.loads(p.read_text(encoding="utf-8")) for p in sorted(given.config_dir.glob("*.json"))}
    if given.by_module:
        print(*by_module(configs[given.by_module]), sep="\n")  # noqa: T201 - what was asked for
        return
    countable = {name: config for name, config in configs.items() if name not in MISSING}
    table = {
        "versions": VERSIONS,
        "counting": "2 FLOP a multiply-add; eager attention multiplies every query with every key, masked or not; "
        "logits of the last position; the total leaves convolutions out",
        "kinds": KINDS,
        "batch": BATCH,
        "prompt_tokens": PROMPT_TOKENS,
        "start_tokens": START_TOKENS,
        "models": {name: counts(config) | vision_counts(config) for name, config in countable.items()},
    }
    write("referee.json", table)
    write("variations.json", {"versions": VERSIONS, "variations": variations(countable)})


def write(name: str, table: dict[str, Any]) -> None:
    """Write a golden table."""
    (GOLDEN / name).write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
