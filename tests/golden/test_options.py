"""Parameters of configurations that are set otherwise than in the catalogue, as the referee's classes count them.

``options.json`` holds changes of a configuration, where null takes a key away, and what ``tests/referee`` builds of it.
"""

from __future__ import annotations

import json
from pathlib import Path

from llm_roofline import load_model, models
from tests.over import over
from tests.referee.changes import changed

OPTIONS = json.loads(Path(__file__).with_name("options.json").read_text(encoding="utf-8"))


@over("option", {f"{option['model']} {option['changes']}": option for option in OPTIONS})
def test_an_option_of_a_family_counts_as_the_referee_says(option):
    stored_at_16_bit = option["changes"] | {"quantization_config": None}
    fields = models[option["model"]].config
    assert load_model(changed(fields, stored_at_16_bit)).parameters == option["parameters"]
