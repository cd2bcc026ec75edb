"""Write the tensors of a checkpoint of each model type, under the names that Transformers gives them in a file.

    .referee/bin/python -m tests.referee.tensors CONFIG_DIR     writes tests/golden/tensors.json

Types of which Transformers has no class of its own are left out, since their authors chose other names.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from transformers.core_model_loading import revert_weight_conversion

from . import patches
from .build import OWN, build
from .fields import STAND_INS
from .missing import MISSING

GOLDEN = Path(__file__).parents[1] / "golden" / "tensors.json"
NUMBER = re.compile(r"(?<=\.)\d+(?=\.|$)")


def tensors(config: dict[str, Any]) -> list[list[Any]]:
    """Names with a star for each number, elements, and the numbers: first and last where they are all between."""
    model = build(config)
    found = defaultdict(list)
    for name, tensor in revert_weight_conversion(model, dict(model.named_parameters())).items():
        found[NUMBER.sub("*", name), tensor.numel()].append([int(n) for n in NUMBER.findall(name)])
    return [[name, elements, *short(numbers)] for (name, elements), numbers in found.items()]


def short(numbers: list[list[int]]) -> list[Any]:
    """For each star the numbers that it stands for."""
    columns = [sorted(set(column)) for column in zip(*numbers, strict=True)]
    return [f"{c[0]}-{c[-1]}" if len(c) == c[-1] - c[0] + 1 else ",".join(map(str, c)) for c in columns]


def main() -> None:
    """Write the table."""
    patches.apply()
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for path in sorted(Path(sys.argv[1]).glob("*.json")):
        config, name = json.loads(path.read_text(encoding="utf-8")), path.stem.replace("--", "/")
        if name not in MISSING and config["model_type"] not in {*OWN, *STAND_INS}:
            found.setdefault(config["model_type"], (name, config))
    table = {name: tensors(config) for name, config in sorted(found.values(), key=lambda pair: pair[0])}
    lines = [
        f' "{name}": [\n  ' + ",\n  ".join(json.dumps(row) for row in rows) + "\n ]" for name, rows in table.items()
    ]
    GOLDEN.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
