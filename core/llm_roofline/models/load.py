"""Models: the catalogue, and loading one from a configuration of one's own. Nothing that is loaded is executed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..basics import Catalogue, CheckpointError, ConfigError, did_you_mean, shown
from .adapter import KEY, adapted
from .checkpoint import ADAPTER, PREDICTOR, adapter_files, checkpoint_files, gguf_fields, is_checkpoint, stored_bytes
from .config import Config
from .drafts import MTP, draft_of, layer_fields, predictor
from .families import families
from .family import HEADS_ALONE, Family
from .graph import refuse_broken_graph
from .heads import headed
from .hub_names import model_named_like
from .model import Model, Restructured, Stack
from .quantization.stated import BESIDE, states_formats, stored_formats
from .states import state_format
from .wrapped import around, with_text

_FOLDER = Path(__file__).parent / "data"
_BY_HAND = "Write its dimensions down by hand: llm_roofline.Decoder(hidden_size=..., layers=..., heads=..., ...)."
LARGEST_FILE = 4_000_000  # byte; the longest config.json in use has a thousandth of it


def load_model(source: str | Path | Mapping[str, Any] | Model, name: str | None = None) -> Model:
    """Load a model.

    Parameters
    ----------
    source : str, Path, mapping or Model
        A name of the catalogue, a path to a ``config.json``, a folder that holds one, its parsed fields, or a GGUF
        file or its folder; a model is returned as it is. Of a folder that holds a checkpoint as well, the headers are
        read, so that every operator has the bytes that are really stored.
    name : str, optional
        What to call it; left out, the name of the folder or what the configuration says.

    Raises
    ------
    ConfigError
        If the configuration cannot be read; lists every problem with its path.
    CheckpointError
        If a checkpoint's header is not sound.
    UnknownNameError
        If it is neither a file nor a name of the catalogue.
    """
    if isinstance(source, Model):
        return source
    if isinstance(source, str | Path):
        path, is_folder = _file(source)
        if path is not None:
            return _of_path(path, name, is_folder=is_folder)
        if isinstance(source, str) and source in models:
            return models[source]
        if is_folder:
            return _of_adapter(Path(source), name)
        if isinstance(source, Path) or source.endswith(".json"):
            raise ConfigError(
                f"{source}: there is no such file. "
                "Give a config.json, a folder that holds one, or a name of models.names()."
            )
        return models[source]
    if isinstance(source, Mapping):
        fields = dict(source)
        called = next(
            (v for k in ("_name_or_path", "model_type") if isinstance(v := fields.get(k), str) and v), "model"
        )
        return _from_fields(fields, name or called, "config")
    raise ConfigError(f"A model is loaded from a name, a path or a mapping (got {type(source).__name__}).")


def _of_path(path: Path, name: str | None, *, is_folder: bool) -> Model:
    """The model of a configuration or of a GGUF file, and of what else its folder holds where that was given."""
    if path.suffix == ".gguf":
        return _of_gguf(path, name or path.stem)
    fields, called = _parsed(path), name or _name_of(path)
    fields |= _stated_beside(path, fields)
    if not is_folder:
        return _from_fields(fields, called, path.name)
    return _as_stored(_from_fields(fields | _adapter(path.parent), called, path.name), path.parent)


def _adapter(folder: Path) -> dict[str, Any]:
    """What a folder says of an adapter that it holds, under the key of its own; nothing where it holds none."""
    path = folder / ADAPTER
    return {KEY: _parsed(path)} if path.is_file() else {}


def _of_adapter(folder: Path, name: str | None) -> Model:
    """The model of a folder that holds an adapter alone, beside the model of the catalogue that it names."""
    said = _adapter(folder)
    if not said:
        raise ConfigError(
            f"{folder}: this folder holds no config.json. Give one that does, or a name of models.names()."
        )
    base = said[KEY].get("base_model_name_or_path")
    if not isinstance(base, str) or base not in models:
        raise ConfigError(
            f"{folder}: this folder is an adapter of {shown(base)}, and holds no config.json. Put that of the model "
            "beside it, or give an adapter of one of models.names()."
        )
    fields = dict(models[base].config) | said
    return _as_stored(_from_fields(fields, name or folder.resolve().name, ADAPTER), folder)


def _of_gguf(path: Path, name: str) -> Model:
    """The model of a GGUF file; where its metadata is not understood, a config.json beside it describes it."""
    beside = path.with_name("config.json")
    try:
        fields, described = gguf_fields(path), path.name
    except CheckpointError:
        if not beside.is_file():
            raise
        fields, described = _parsed(beside), beside.name
    return _as_stored(_from_fields(fields, name, described), path)


def _as_stored(model: Model, place: Path) -> Model:
    """A model with what the headers of its checkpoint say, where there is one."""
    return model.with_stored(stored_bytes(model, place)) if is_checkpoint(place) or adapter_files(place) else model


def _file(source: str | Path) -> tuple[Path | None, bool]:
    """Configuration or GGUF file that a path leads to, None where there is none; and whether it is a folder."""
    if source == "":  # Path("") is the folder one is in
        return None, False
    path = Path(source)
    try:
        is_folder = path.is_dir()
        path = path / "config.json" if is_folder else path
        if is_folder and not path.is_file() and is_checkpoint(path.parent):
            path = next((file for file in checkpoint_files(path.parent) if file.suffix == ".gguf"), path)
        return (path if path.is_file() else None), is_folder
    except (OSError, ValueError):  # no system has a file of such a name
        return None, False


def _parsed(path: Path) -> dict[str, Any]:
    """Fields of a file, read as untrusted text."""
    try:
        size = path.stat().st_size
        fields = json.loads(path.read_text(encoding="utf-8")) if size <= LARGEST_FILE else None
    except OSError as error:
        raise ConfigError(f"{path.name}: cannot be read: {error.strerror}.") from error
    # No UTF-8, no JSON, a number of thousands of digits, brackets without end.
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path.name}: not JSON: {str(error).partition(';')[0]}.") from error
    if size > LARGEST_FILE:
        raise ConfigError(f"{path.name}: {size:,} bytes are too many for a config.json (at most {LARGEST_FILE:,}).")
    if not isinstance(fields, dict):
        raise ConfigError(f"{path.name}: must hold a JSON object (got {type(fields).__name__}).")
    return fields


def _stated_beside(path: Path, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The statement on quantisation in a file of its own beside a ``config.json`` that has none."""
    if path.name != "config.json" or states_formats(fields):
        return {}
    for name, method in BESIDE.items():
        if (beside := path.with_name(name)).is_file():
            return {"quantization_config": {"quant_method": method} | _parsed(beside)}
    return {}


def _name_of(path: Path) -> str:
    if path.name == "config.json":
        return path.resolve().parent.name
    return path.stem.removesuffix("_config").replace("--", "/")


def _from_fields(fields: dict[str, Any], name: str, path: str) -> Model:
    if strange := [key for key in fields if not isinstance(key, str)]:
        raise ConfigError(f"{path}: keys must be text (got {shown(strange[0])}).")
    draft = draft_of(fields)
    read = layer_fields(fields) if draft else fields
    family = HEADS_ALONE if draft and not draft.family else _family(read, path)
    read, family = with_text(read, family, path)
    config = Config(read, path, family.defaults.get(str(read.get("model_type"))), family.spellings)
    layers = tuple(family.blocks(config))
    blocks = draft.blocks(config, layers) if draft else headed(config, layers)
    ahead = () if draft else predictor(config, blocks)
    model = Model(
        name,
        str(config.fields.get("model_type")),
        adapted(config, blocks),
        family.context_limit(config),
        fields,
        encoder=family.encoder(config),
        vision=family.vision(config),
        paradigm=family.paradigm,
        draft=draft.title if draft else "",
    )
    stacks: dict[str, Stack] = {"text": model}
    stacks |= {tower.name: tower for tower in (model.encoder, model.vision) if tower}
    stacks |= {PREDICTOR: Restructured(ahead, model)} if ahead else {}
    precision, formats, notes = stored_formats(config, stacks, family)
    model = model.with_formats(precision, formats)
    if model.has_states:
        model = replace(model, precision=replace(model.precision, states=state_format(config, family.states)))
    model = replace(model, notes=(*config.finish(), *notes))
    if ahead:
        own = replace(model, name=f"{name} (MTP)", blocks=ahead, encoder=None, vision=None, notes=(), draft=MTP)
        own = replace(own, formats=formats.get(PREDICTOR, {}))
        model = replace(model, predictor=own)
    refuse_broken_graph(name, model.blocks)
    for part in (model.encoder, model.vision, model.predictor):
        if part:
            refuse_broken_graph(f"{part.name} of {name}", part.blocks)
    return model


def _family(fields: Mapping[str, Any], path: str) -> Family:
    """The family that ``model_type`` names."""
    model_type, known = fields.get("model_type"), families()
    if model_type is None:
        raise ConfigError(f"{path}: 'model_type' is missing. {_BY_HAND}")
    if not isinstance(model_type, str) or model_type not in known:
        if wrapper := around(fields):
            return wrapper
        near = did_you_mean(model_type, known) if isinstance(model_type, str) else ""
        raise ConfigError(f"{path}: unknown 'model_type' {shown(model_type)}.{near} {_BY_HAND}")
    return known[model_type]


def family_of(name: str) -> Family:
    """Family of a model of the catalogue, without loading the model.

    Parameters
    ----------
    name : str
        Its hub id.
    """
    return families()[fields_of(name)["model_type"]]


def fields_of(name: str) -> dict[str, Any]:
    """Configuration of a model of the catalogue, without loading the model.

    Parameters
    ----------
    name : str
        Its hub id.
    """
    return _parsed(_path(name))


def _names() -> tuple[str, ...]:
    return tuple(sorted(path.stem.replace("--", "/") for path in _FOLDER.glob("*.json")))


def _path(name: str) -> Path:
    return _FOLDER / f"{name.replace('/', '--')}.json"


def _load(name: str) -> Model:
    path = _path(name)
    return _from_fields(_parsed(path), name, path.name)


models: Catalogue[Model] = Catalogue(
    "model",
    _names,
    _load,
    named_like=lambda spelling: model_named_like(spelling, models.names()),
)
"""Every model of the catalogue by its hub id or the part after the slash, or that of a checkpoint tuned from it."""
