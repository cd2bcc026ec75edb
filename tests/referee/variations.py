"""Counts of small random changes of real configs (see changes.py), the same ones every time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from .changes import changed, changes
from .counts import counts

if TYPE_CHECKING:
    from collections.abc import Mapping

EACH = 6  # variations of a model type


def variations(configs: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Variations of every model type, with the model that each comes from, its changes and its counts."""
    found = []
    for model_type in sorted({config["model_type"] for config in configs.values()}):
        found += drawn({name: config for name, config in configs.items() if config["model_type"] == model_type})
    return found


def drawn(configs: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Variations of one model type; what Transformers refuses is no model, and is drawn again."""
    found: list[dict[str, Any]] = []

    @settings(
        max_examples=EACH,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(configs)))
        new = data.draw(changes(configs[name]))
        try:
            counted = counts(changed(configs[name], new))
        except Exception:  # noqa: BLE001 - refusals have many classes
            reject()
        counted.pop("notes", None)  # they are the model's
        found.append({"of": name, "changes": new} | counted)

    draw()
    return found
