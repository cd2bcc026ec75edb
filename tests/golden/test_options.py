"""Parameters of configurations that are set otherwise than in the catalogue, as the referee's classes count them.

``options.json`` holds changes of a configuration, where null takes a key away, and what ``tests/referee`` builds of it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_roofline import load_model, models

OPTIONS = json.loads(Path(__file__).with_name("options.json").read_text(encoding="utf-8"))


def changed(fields, changes):
    """Fields with some of them set or taken away, inside parts too; as they are stored at 16 bit."""
    merged = {
        key: changed(fields[key], value) if isinstance(value, dict) and key in fields else value
        for key, value in changes.items()
    }
    kept = {key: value for key, value in fields.items() if key not in changes and key != "quantization_config"}
    return kept | {key: value for key, value in merged.items() if value is not None}


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: f"{option['model']} {option['changes']}")
def test_an_option_of_a_family_counts_as_the_referee_says(option):
    fields = models[option["model"]].config
    assert load_model(changed(fields, option["changes"])).parameters == option["parameters"]
