"""A model as plain data: its configuration, and what the headers of its checkpoint said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .checkpoint import StoredBytes
from .errors import RooflineError
from .models import load_model, models

if TYPE_CHECKING:
    from .model import Model


def model_to_json(model: Model) -> dict[str, Any]:
    """Plain data from which :func:`model_from_json` makes an equal model.

    Parameters
    ----------
    model : Model
        A model that is not the catalogue's.
    """
    data: dict[str, Any] = {"name": model.name, "config": dict(model.config)}
    if model.stored:
        stored = [[block, name, nbytes] for (block, name), nbytes in model.stored.by_operator.items()]
        data["stored"] = {
            "total": model.stored.total,
            "by_operator": stored,
            "unmatched": dict(model.stored.unmatched),
        }
    return data


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
        raise RooflineError(
            "a scenario's 'model' must be a name of models.names(), or an object of 'name' and 'config'."
        )
    model = load_model(given["config"], name=given["name"])
    return replace(model, stored=_stored(given["stored"])) if given.get("stored") is not None else model


def _stored(given: Any) -> StoredBytes:  # noqa: ANN401 - JSON
    try:
        by_operator = {(block, name): nbytes for block, name, nbytes in given["by_operator"]}
        stored = StoredBytes(given["total"], by_operator, dict(given["unmatched"]))
        sizes = (stored.total, *by_operator.values(), *stored.unmatched.values())
        sound = all(isinstance(n, int | float) and not isinstance(n, bool) and 0 <= n < float("inf") for n in sizes)
    except (KeyError, TypeError, ValueError) as error:
        raise RooflineError(f"a model's 'stored' bytes are not understood: {error}.") from error
    if not sound:
        raise RooflineError("a model's 'stored' bytes must be numbers of at least 0.")
    return stored
