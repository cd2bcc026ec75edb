"""Write what Transformers makes of each key of a config that is absent, and how it writes the config itself.

    .referee/bin/python -m tests.referee.keys CONFIG_DIR     writes tests/referee/keys.json

Of each model type one model of the catalogue, its layers cut short, and the parameters of its text and of its tower.
``saved`` is what `save_pretrained` writes otherwise. ``absent`` takes one key after another away, those that the
catalogue states and those that the class has, in the parts on text and on images as well, and says what follows:
``parameters`` where they are others, null where the class refuses, and the ``value`` that it takes instead.
"""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transformers import AutoConfig, PreTrainedConfig

from . import patches
from .build import OWN, build, parameters, text_parts
from .changes import LAYERS, changed, flat, nested, shorten
from .fields import STAND_INS, class_and_fields
from .missing import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).with_name("keys.json")
MOST_LAYERS = 8
PARTS = ("text_config", "vision_config")
ANY = {*PreTrainedConfig().to_dict(), "model_type", "quantization_config", "torch_dtype", *PARTS} - {
    "tie_word_embeddings"
}  # keys of any config, which change nothing that is counted here


def short(config: dict[str, Any]) -> dict[str, Any]:
    """A config with few layers, and without what its checkpoint stores otherwise."""
    prefix = "text_config." if "text_config" in config else ""
    before = flat(config["text_config"] if prefix else config)
    after = before | {key: min(MOST_LAYERS, before[key]) for key in LAYERS if before.get(key)}
    shorten(before, after)
    cut = {prefix + key: value for key, value in after.items() if value != before[key]}
    return changed(config, nested(cut) | {"quantization_config": None})


def absences(config: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each key, with its part, and what happens without it."""
    known: dict[str, list[int]] = {}
    whole, _ = counted(config, known)
    written = AutoConfig.for_model(**config).to_dict()
    for part in ("", *(part for part in PARTS if config.get(part))):
        stated, settings = (fields[part] if part else fields for fields in (config, written))
        for key in sorted({*stated, *settings} - ANY):
            fields = copy.deepcopy(config)
            (fields[part] if part else fields).pop(key, None)
            yield f"{part}.{key}".lstrip("."), absence(fields, part, key, whole, known)


def absence(
    fields: dict[str, Any], part: str, key: str, whole: list[int], known: dict[str, list[int]]
) -> dict[str, Any]:
    """What happens without a key of a part."""
    try:
        without, written = counted(fields, known)
    except Exception:  # noqa: BLE001 - refusals have many classes
        return {"parameters": None}
    value = (written[part] if part else written).get(key, ...)
    found: dict[str, Any] = {} if value is ... else {"value": value}
    return found if without == whole else {"parameters": without} | found


def counted(fields: dict[str, Any], known: dict[str, list[int]]) -> tuple[list[int], dict[str, Any]]:
    """Parameters of text and tower, those that are known already by what the class makes of a config, and that."""
    written = AutoConfig.for_model(**fields).to_dict()
    same = json.dumps(written, sort_keys=True, default=str)
    if same not in known:
        model = build(fields)
        text = parameters(*text_parts(model))
        known[same] = [text, parameters(model) - text]
    return known[same], written


def saved(config: dict[str, Any]) -> dict[str, Any]:
    """What a class writes otherwise than a config has it."""
    written = AutoConfig.for_model(**config).to_dict()
    return {key: value for key, value in written.items() if value != config.get(key, ...)}


def chosen(folder: Path) -> dict[str, tuple[str, dict[str, Any]]]:
    """The first model of each type that Transformers has a class of, cut short, in the spelling that it reads."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.json")):
        config, name = json.loads(path.read_text(encoding="utf-8")), path.stem.replace("--", "/")
        model_type = config["model_type"]
        if name not in MISSING and model_type not in {*OWN, *STAND_INS, *found}:
            _, fields = class_and_fields(short(config))
            found[model_type] = name, fields | {"model_type": model_type}
    return dict(sorted(found.items()))


def main() -> None:
    """Write the table."""
    patches.apply()
    rows = []
    for model_type, (name, config) in chosen(Path(sys.argv[1])).items():
        told = {
            "of": name,
            "config": config,
            "parameters": counted(config, {})[0],
            "saved": saved(config),
            "absent": dict(absences(config)),
        }
        rows.append(f' "{model_type}": ' + json.dumps(told, sort_keys=True, default=str))
    GOLDEN.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
