"""What the caches of Transformers hold of a sequence beside keys and values (see ``tests/referee/states.py``)."""

from __future__ import annotations

import json
from pathlib import Path

from llm_roofline import load_model

REFEREE = Path(__file__).parents[1] / "referee"
HELD = json.loads((REFEREE / "states.json").read_text(encoding="utf-8"))
CONFIGS = {
    family: told["config"] for family, told in json.loads((REFEREE / "keys.json").read_text(encoding="utf-8")).items()
}
STORED = {"recurrent_states": "state", "conv_states": "wide_state"}
FORMATS = {"float32": "fp32", "bfloat16": "bf16"}


def test_states_are_kept_as_transformers_keeps_them():
    """Elements of all layers, recurrent states and what convolutions see of the last tokens; see tests/referee."""
    theirs = {
        family: {(STORED[what], FORMATS[word]): n for what, types in held.items() for word, n in types.items()}
        for family, held in HELD.items()
    }
    ours = {family: kept(load_model(CONFIGS[family])) for family in HELD}
    assert ours == theirs


def kept(model):
    """Elements of a sequence that have a constant size, by storage kind and format."""
    formats = {"state": model.precision.states, "wide_state": "bf16"}
    return {(kind, formats[kind]): sum(model.kept[kind].values()) for kind in formats if kind in model.kept}
