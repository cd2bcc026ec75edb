"""The model that a case describes: fields, a changed model of the catalogue, a folder of files, or a GGUF file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from llm_roofline import Model, load_model, models
from tests.models.checkpoint.written import gguf, safetensors


def model_of(case: Mapping[str, Any], folder: Path) -> Model:
    """Load what a case gives, writing its files into an empty folder."""
    if "config" in case:
        return load_model(case["config"])
    given = case["input"]
    match case["how"]:
        case "fields":
            return load_model(given)
        case "catalogue":
            known = dict(models[given["catalogue"]].config)
            known.pop("quantization_config", None)
            return load_model(known | given["change"])
        case "folder" | "gguf":
            write(given, folder)
            return load_model(folder)
        case other:
            raise ValueError(f"'how' must be fields, catalogue, folder or gguf (got {other!r}).")


def write(given: Mapping[str, Any], folder: Path) -> None:
    """Write the files of a case: JSON as it is, and the headers of checkpoints before a hole."""
    for name, fields in given.get("files", {}).items():
        (folder / Path(name).name).write_text(json.dumps(fields), encoding="utf-8")
    for name, content in given.get("safetensors", {}).items():
        tensors = {tensor: (dtype, shape) for tensor, dtype, shape in of_layers(content)}
        safetensors(folder / Path(name).name, tensors)
    for name, content in given.get("gguf", {}).items():
        tensors = {tensor: (kind, shape) for tensor, kind, shape in of_layers(content)}
        gguf(folder / Path(name).name, content["fields"], tensors)


def of_layers(content: Mapping[str, Any]) -> Iterator[tuple[str, Any, list[int]]]:
    """Tensors by name, type and shape; ``{i}`` in a name stands for the number of every layer."""
    for name, kind, shape in content["tensors"]:
        for layer in range(content["layers"] if "{i}" in name else 1):
            yield name.replace("{i}", str(layer)), kind, shape


def names(given: object) -> Iterator[str]:
    """What a sentence may name of an input: keys, names of files, of tensors and their parts, words that are values."""
    if isinstance(given, dict):
        for key, value in given.items():
            yield from (key, *key.split("."))
            yield from names(value)
    elif isinstance(given, list):
        for value in given:
            yield from names(value)
    elif isinstance(given, str):
        yield from (given, *given.split("."))
