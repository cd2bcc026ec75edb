"""A scenario's door: names are looked up, what is not accepted is said, and nothing is executed or opened."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import Conventions, RooflineError, Scenario, Workload, hardware, load_model, models
from llm_roofline.techniques import FlashAttention
from tests.drawn import JSON

S = Scenario(models["llama-3.1-8b"], hardware["h100-sxm"])
DATA = S.to_json()
FLASH = (FlashAttention(),)


def test_left_out_is_one_request_at_16_bit_with_flash_attention():
    assert (S.workload, S.precision.weights, S.techniques) == (Workload(1, 2048, 256), "bf16", FLASH)
    assert S.flash_attention


def test_names_are_looked_up_at_the_door():
    changed = S.update(model="gpt2", hardware="a100-sxm-80gb", output_tokens=7, prompt_tokens=9, conventions="paper")
    assert changed.model is models["openai-community/gpt2"]
    assert changed.hardware is hardware["a100-sxm-80gb"]
    assert changed.workload == Workload(1, 9, 7)
    assert changed.conventions is Conventions.paper


def test_an_update_leaves_everything_else_and_the_scenario_itself_alone():
    assert S.update(batch_size=8).update(batch_size=1) == S
    assert S.update() == S
    assert S.workload.batch_size == 1


@pytest.mark.parametrize(
    ("given_techniques", "conventions", "runs"),
    [
        (None, Conventions.standard, FLASH),
        (None, Conventions.paper, ()),
        ((), Conventions.standard, ()),
        (FLASH, Conventions.paper, FLASH),
        (list(FLASH), Conventions.standard, FLASH),
    ],
)
def test_the_conventions_run_flash_attention_unless_techniques_are_named(given_techniques, conventions, runs):
    s = Scenario(S.model, S.hardware, techniques=given_techniques, conventions=conventions)
    assert s.techniques == runs
    assert s.flash_attention == bool(runs)


def test_flash_attention_is_switched_on_and_off():
    assert S.update(flash_attention=False).techniques == ()
    assert S.update(flash_attention=False).update(flash_attention=True) == S
    assert S.update(techniques=["flash-attention"]).techniques == FLASH


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch": 8}, "Unknown field 'batch'. Did you mean 'batch_size'? Accepted are model, hardware, batch_size, "),
        ({"hardware": "H100"}, "Unknown hardware 'H100'. Did you mean 'h100-"),
        ({"hardware": None}, "Unknown hardware None."),
        ({"model": "llama-9"}, "Unknown model 'llama-9'. Did you mean"),
        ({"model": 5}, "A model is loaded from a name, a path or a mapping (got int)."),
        ({"batch_size": 0}, "'batch_size' must be a whole number from 1 to 1,099,511,627,776 (got 0)."),
        (
            {"prompt_tokens": 200_000},
            "a context of 200,255 tokens (200,000 prompt + 255 of 256 output) exceeds the 131,072 of",
        ),
        ({"weights": "bf15"}, "Unknown format of weights 'bf15'. Did you mean 'bf16'? Accepted are fp32,"),
        ({"flash_attention": 1}, "'flash_attention' must be True or False (got 1)."),
        (
            {"techniques": "flash-attention"},
            "'techniques' must be a list of names of techniques.names() (got 'flash-attention').",
        ),
        ({"techniques": [5]}, "a technique must be a name, or an object with 'name' and parameters (got 5)."),
        ({"techniques": ["flash-atention"]}, "Unknown technique 'flash-atention'. Did you mean 'flash-attention'"),
        ({"conventions": "strict"}, "Unknown conventions 'strict'. Accepted are 'standard' and 'paper'."),
        ({"conventions": 5}, "'conventions' must be 'standard', 'paper' or switches with true or false (got 5)."),
        (
            {"conventions": ["paper"]},
            "'conventions' must be 'standard', 'paper' or switches with true or false (got ['paper']).",
        ),
        (
            {"conventions": {"rope": 1}},
            "conventions: 'rope' = 1 is no switch. Did you mean 'rope'? Values are true and false.",
        ),
        ({"conventions": {"ropes": True}}, "conventions: 'ropes' = True is no switch. Did you mean 'rope'?"),
    ],
)
def test_a_change_that_is_not_accepted_says_what_is(changes, message):
    with pytest.raises(RooflineError, match=f"^{re.escape(message)}"):
        S.update(**changes)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "not a scenario: Expecting value"),
        ("[]", "a scenario must be a JSON object."),
        ("{}", "not a scenario: 'model' is missing."),
        ("[" * 100_000, "not a scenario: maximum recursion depth exceeded"),
        (5, "not a scenario: 'int' object is not iterable."),
        ({**DATA, "version": 3}, "this scenario has version 3; this release reads up to 2."),
        ({**DATA, "version": float("inf")}, "'version' of a scenario must be a whole number (got inf)."),
        ({**DATA, "version": None}, "'version' of a scenario must be a whole number (got None)."),
        (
            {**DATA, "model": 5},
            "a model must be a name of models.names(), or an object of 'name' and 'config'.",
        ),
        ({**DATA, "model": {"name": "x", "config": "config.json"}}, "a model must be a name"),
        ({**DATA, "model": {"name": "x", "config": {}}}, "config: 'model_type' is missing."),
        ({**DATA, "hardware": "h99"}, "Unknown hardware 'h99'."),
        ({**DATA, "hardware": 5}, "A device is a name or an object of figures (got int)."),
        ({**DATA, "workload": {"batch_size": 0}}, "'batch_size' must be a whole number"),
        ({**DATA, "workload": {"batch": 1}}, "not a scenario: "),
        ({**DATA, "precision": {"weights": "bf17"}}, "Unknown format of weights 'bf17'."),
        ({**DATA, "precision": 5}, "not a scenario: "),
        ({**DATA, "techniques": ["x"]}, "Unknown technique 'x'."),
        ({**DATA, "techniques": 5}, "'techniques' must be a list"),
        ({**DATA, "conventions": []}, "'conventions' must be 'standard', 'paper' or switches"),
    ],
)
def test_data_that_is_no_scenario_says_where(data, message):
    with pytest.raises(RooflineError, match=f"^{re.escape(message)}"):
        Scenario.from_json(data)


def test_a_scenario_opens_no_file(tmp_path, monkeypatch):
    """Data may come from a stranger's notebook: a path in it is a name that is unknown."""
    (tmp_path / "config.json").write_text(json.dumps(dict(S.model.config)), encoding="utf-8")
    (tmp_path / "gpt2").mkdir()
    (tmp_path / "gpt2" / "config.json").write_text(json.dumps(dict(S.model.config)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for path in ("config.json", str(tmp_path / "config.json"), str(tmp_path)):
        with pytest.raises(RooflineError, match="Unknown model"):
            Scenario.from_json({**DATA, "model": path})
    small = {**DATA, "workload": {"batch_size": 1, "prompt_tokens": 9, "output_tokens": 9}}
    assert Scenario.from_json({**small, "model": "gpt2"}).model is models["gpt2"]


def test_what_an_older_scenario_leaves_out_is_the_default():
    assert Scenario.from_json({"model": "llama-3.1-8b", "hardware": "h100-sxm"}) == S


@given(
    st.dictionaries(st.sampled_from(sorted(DATA)), JSON, max_size=3), st.sets(st.sampled_from(sorted(DATA)), max_size=2)
)
def test_broken_data_is_a_scenario_or_an_error_of_ours(changed, dropped):
    data = {key: value for key, value in (DATA | changed).items() if key not in dropped}
    try:
        s = Scenario.from_json(data)
    except RooflineError as error:
        assert str(error)  # noqa: PT017 - either is right
    else:
        assert Scenario.from_json(s.to_json()) == s


def test_a_model_of_ones_own_goes_where_a_name_goes():
    fields = {**models["gpt2"].config, "n_layer": 3}
    assert S.update(model=fields, prompt_tokens=9, output_tokens=9).model == load_model(fields)


def test_data_of_the_first_version_which_named_techniques_alone_still_opens():
    old = {**DATA, "version": 1, "techniques": ["flash-attention"]}
    assert Scenario.from_json(old).techniques == FLASH
