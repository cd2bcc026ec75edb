"""What an older version pickled opens, and gives the numbers of today."""

from __future__ import annotations

import pickle
from dataclasses import fields, replace
from pathlib import Path

import pytest

from llm_roofline import Conventions, Estimate, Hardware, Model, Precision, Scenario, evaluate, hardware, models

FILE = Path(__file__).parent / "version_0_1.pickle"
PICKLED = pickle.loads(FILE.read_bytes())  # noqa: S301 - our own file: pickles of version 0.1 by name


LAST = next(field for field in fields(Conventions) if field.name == "output_memory")
"""Switch of conventions that version 0.1 had last."""


def opened(name: str) -> object:
    return pickle.loads(PICKLED[name])  # noqa: S301 - likewise


@pytest.mark.parametrize("name", PICKLED)
def test_it_opens(name):
    kinds = {
        "scenario": Scenario,
        "dit": Scenario,
        "estimate": Estimate,
        "model": Model,
        "hardware": Hardware,
        "what_if": Hardware,
        "techniques": tuple,
        "precision": Precision,
        "conventions": Conventions,
    }
    assert isinstance(opened(name), kinds[name])


def test_values_of_the_catalogue_are_those_of_today():
    assert opened("hardware") == hardware["h100-sxm"]
    assert opened("dit").model == models[opened("dit").model.name]
    switches = fields(Conventions)
    of_its_version = replace(Conventions.paper, **{f.name: True for f in switches[switches.index(LAST) + 1 :]})
    assert opened("conventions") == of_its_version


def test_a_scenario_gives_the_numbers_of_today():
    scenario = opened("scenario")
    assert evaluate(scenario).ttft == evaluate(Scenario.from_json(scenario.to_json())).ttft


def test_an_estimate_is_that_of_its_scenario():
    estimate = opened("estimate")
    assert (estimate.ttft, repr(estimate)) == (evaluate(estimate.scenario).ttft, repr(evaluate(estimate.scenario)))


def test_opening_a_pickle_leaves_the_public_names_alone():
    import llm_roofline  # noqa: PLC0415 - the package itself

    opened("scenario")
    assert llm_roofline.hardware is hardware
    assert llm_roofline.models is models
