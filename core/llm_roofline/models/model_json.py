"""A model as plain data: its configuration, and what the headers of its checkpoint said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..basics import RooflineError
from .load import load_model, models
from .stored import StoredBytes

if TYPE_CHECKING:
    from .model import Model

LARGEST = 2**60  # byte


def model_to_json(model: Model) -> dict[str, Any]:
    """Plain data from which :func:`model_from_json` makes an equal model.

    Parameters
    ----------
    model : Model
        A model that is not the catalogue's.

    Raises
    ------
    RooflineError
        If its configuration describes another one, as where its blocks were replaced.
    """
    data = _data(model)
    if model_from_json(data) != model:
        raise RooflineError(
            f"{model.name} has other layers than its configuration describes, and so cannot be written down; "
            "give techniques, or a configuration of its own."
        )
    return data


def _data(model: Model) -> dict[str, Any]:
    data: dict[str, Any] = {"name": model.name, "config": dict(model.config)}
    if model.stored:
        data["stored"] = _plain(model.stored)
    return data


def _plain(stored: StoredBytes) -> dict[str, Any]:
    return {
        "total": stored.total,
        "by_operator": [[block, name, nbytes] for (block, name), nbytes in stored.by_operator.items()],
        "unmatched": dict(stored.unmatched),
        "missing": [[block, name] for block, name in stored.missing],
        "towers": {name: _plain(tower) for name, tower in stored.towers.items()},
    }


def model_from_json(given: object) -> Model:
    """Make a model of a name of the catalogue, or of :func:`model_to_json`'s data. No file is opened.

    Parameters
    ----------
    given : str or mapping
        The data.

    Raises
    ------
    RooflineError
        If it is neither.
    """
    if isinstance(given, str):
        return models[given]
    if (
        not isinstance(given, dict)
        or not isinstance(given.get("name"), str)
        or not isinstance(given.get("config"), dict)
    ):
        raise RooflineError("a model must be a name of models.names(), or an object of 'name' and 'config'.")
    model = load_model(given["config"], name=given["name"])
    return model.with_stored(_stored(given["stored"])) if given.get("stored") is not None else model


def _stored(given: object) -> StoredBytes:
    try:
        return _read(given)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RooflineError(f"a model's 'stored' bytes are not understood: {error}.") from error


def _read(given: Any, *, is_tower: bool = False) -> StoredBytes:  # noqa: ANN401 - JSON
    stored = StoredBytes(
        given["total"],
        {(block, name): nbytes for block, name, nbytes in given["by_operator"]},
        dict(given["unmatched"]),
        tuple((block, name) for block, name in given["missing"]),
        {} if is_tower else {name: _read(tower, is_tower=True) for name, tower in given["towers"].items()},
    )
    sizes = (stored.total, *stored.by_operator.values(), *stored.unmatched.values())
    if not all(isinstance(n, int | float) and not isinstance(n, bool) and 0 <= n < LARGEST for n in sizes):
        raise ValueError("they must be numbers of at least 0")
    if not all(isinstance(word, str) for key in (*stored.by_operator, *stored.missing) for word in key):
        raise ValueError("names must be text")
    return stored
