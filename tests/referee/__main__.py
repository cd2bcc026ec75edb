"""Write the referee's counts, or print those of one model by module.

    python -m tests.referee CONFIG_DIR                     writes tests/golden/referee.json
    python -m tests.referee CONFIG_DIR --by-module NAME    prints FLOP and parameters of one model by module

It needs torch and transformers, which are no dependency of this project: `make referee` installs them into .referee/, and
`.referee/bin/python -m tests.referee ...` runs it by hand. CONFIG_DIR holds one `config.json` a model, each named
`owner--name.json` or `owner--name_config.json`; NAME is `owner/name`.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
from collections import Counter
from pathlib import Path
from typing import Any

import torch
import transformers

from . import patches
from .standins import STAND_INS
from .steps import BATCH, PROMPT_TOKENS, START_TOKENS, build, by_kind, parameters, passes, text_parts

GOLDEN = Path(__file__).parents[1] / "golden" / "referee.json"


def hub_id(path: Path) -> str:
    """Name of the model on the hub, `owner/name`, from the name of its config file."""
    return path.stem.removesuffix("_config").replace("--", "/")


def counts(config: dict[str, Any]) -> dict[str, Any]:
    """Parameters and matmul FLOP of a model."""
    model, notes = build(config), []
    if config["model_type"] in STAND_INS:
        name, _, why = STAND_INS[config["model_type"]]
        notes.append(f"counted as {name}: {why}")
    text = parameters(*text_parts(model))
    found: dict[str, Any] = {"parameters": text}
    if "vision_config" in config:
        found["vision_parameters"] = parameters(model) - text
    try:
        found |= {name: by_kind(flops) for name, flops in passes(model).items()}
    except Exception as problem:  # noqa: BLE001
        notes.append(f"does not run: {type(problem).__name__}: {problem}")
    return found | ({"notes": notes} if notes else {})


def by_module(config: dict[str, Any]) -> None:
    """Print parameters and matmul FLOP by module, equal layers summed."""

    def short(name: str) -> str:
        return re.sub(r"\.\d+(?=\.|$)", ".*", name)

    model = build(config)
    stored: Counter[str] = Counter()
    for name, parameter in model.named_parameters():
        stored[short(name)] += parameter.numel()
    print("parameters")
    for name, count in stored.items():
        print(f"{count:>20,}  {name}")
    for name, flops in passes(model).items():
        summed: Counter[tuple[str, str]] = Counter()
        for (module, kind), count in flops.items():
            summed[short(module), kind] += count
        print(f"FLOP of {name}")
        for (module, kind), count in summed.items():
            print(f"{count:>20,}  {kind:12} {module}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config_dir", type=Path)
    parser.add_argument("--by-module", metavar="NAME")
    given = parser.parse_args()
    patches.apply()
    configs = {hub_id(p): json.loads(p.read_text(encoding="utf-8")) for p in sorted(given.config_dir.glob("*.json"))}
    if given.by_module:
        by_module(configs[given.by_module])
        return
    models, missing = {}, {}
    for name, config in configs.items():
        try:
            models[name] = counts(config)
        except Exception as problem:
            missing[name] = f"{type(problem).__name__}: {str(problem)[:100]}"
            print(name, missing[name])
        else:
            for note in models[name].get("notes", ()):
                print(name, note)
    table = {
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
        "counting": "2 FLOP a multiply-add; eager attention multiplies every query with every key, masked or not",
        "batch": BATCH,
        "prompt_tokens": PROMPT_TOKENS,
        "start_tokens": START_TOKENS,
        "models": models,
        "missing": missing,
    }
    GOLDEN.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
