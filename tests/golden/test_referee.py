"""Parameters and matmul FLOP are, to the unit, those that an independent implementation counts (see tests/referee)."""

from __future__ import annotations

import pytest

from llm_roofline import models
from tests.golden.counted import MAKE_REFEREE, REFEREE, ours, theirs
from tests.laws.subjects import COVERING
from tests.over import over
from tests.referee.missing import MISSING

COUNTED = {name: REFEREE["models"][name] for name in models.names() if name in REFEREE["models"]}

EXCEPTIONS = {
    "moonshotai/Kimi-K3": 0.0075,  # published as 2.8T, two digits, which include a vision tower of 0.4 B
    "xai-org/grok-1": 0.0055,  # advertised as 314B; its tensors' shapes add up to 315.7 B, as others count as well
}


def test_every_model_of_the_catalogue_is_counted_or_missing_for_a_reason():
    uncounted = sorted(set(models.names()) - COUNTED.keys() - MISSING.keys())
    assert not uncounted, f"tests/golden/referee.json lacks {', '.join(uncounted)}: {MAKE_REFEREE}."
    assert MISSING.keys() <= set(models.names())
    assert all(missing["reason"] and missing["source"] for missing in MISSING.values())


def test_parameters_that_nobody_else_can_count_are_near_the_published_ones():
    ours = {name: models[name].parameters for name in MISSING}
    assert ours == {
        name: pytest.approx(missing["published_parameters"], rel=EXCEPTIONS.get(name, 0.005))
        for name, missing in MISSING.items()
    }


def test_parameters_are_exact():
    ours = {name: models[name].parameters for name in COUNTED}
    assert ours == {name: counted["parameters"] for name, counted in COUNTED.items()}


def test_parameters_of_a_vision_tower_are_exact():
    theirs = {n: counted["vision_parameters"] for n, counted in COUNTED.items() if "vision_parameters" in counted}
    assert {name: models[name].vision.parameters for name in theirs} == theirs


@over("name", list(COUNTED), COVERING)
def test_matmul_flops_of_every_pass_are_exact(name):
    model, counted = models[name], COUNTED[name]
    assert ours(model, counted) == theirs(counted, model)
