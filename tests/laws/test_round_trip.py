"""A scenario goes to JSON and back, whatever is in it."""

from __future__ import annotations

import json
from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import Conventions, Precision, Scenario, Workload, evaluate, formats, hardware, load_model
from tests.laws.subjects import EVERY, H100, TINY, every_model, scenario
from tests.over import over

GPT2 = EVERY["openai-community/gpt2"]


def there_and_back(s):
    return Scenario.from_json(json.dumps(s.to_json(), allow_nan=False))


@every_model
def test_every_model_comes_back(model):
    s = scenario(model, 3, 17, 5, weights="int4", kv_cache="fp8")
    assert there_and_back(s) == s
    assert evaluate(there_and_back(s)).latency == evaluate(s).latency


@over("name", hardware.names())
def test_every_device_comes_back_as_its_name(name):
    s = scenario(GPT2, on=hardware[name])
    assert s.to_json()["hardware"] == name
    assert there_and_back(s) == s


def test_a_catalogue_model_is_kept_by_name_and_another_one_by_its_configuration():
    assert scenario(GPT2).to_json()["model"] == GPT2.name
    own = load_model(TINY, "mine")
    assert scenario(own).to_json()["model"] == {"name": "mine", "config": TINY}
    assert there_and_back(scenario(own)) == scenario(own)


def test_a_changed_model_of_a_catalogue_name_is_not_taken_for_the_catalogue_one():
    changed = load_model({**GPT2.config, "n_layer": 6}, GPT2.name)
    assert there_and_back(scenario(changed)).model.parameters == changed.parameters < GPT2.parameters


def test_a_what_if_device_comes_back_with_its_figures():
    s = scenario(GPT2, on=H100.with_(memory_bandwidth=4.8e12, peak_flops_per_s={"fp8": None}))
    assert there_and_back(s) == s
    assert there_and_back(s).hardware.memory_bandwidth == 4.8e12
    assert "fp8" not in there_and_back(s).hardware.peak_flops_per_s


@given(
    work=st.builds(Workload, st.integers(1, 2**40), st.integers(1, 500), st.integers(1, 500)),
    stored=st.builds(Precision, *[st.sampled_from(sorted(formats))] * 4),
    switches=st.builds(Conventions, *[st.booleans()] * len(fields(Conventions))),
    fused=st.booleans(),
)
def test_any_workload_precision_and_convention_comes_back(work, stored, switches, fused):
    s = Scenario(GPT2, H100, work, stored, conventions=switches).update(flash_attention=fused)
    assert there_and_back(s) == s
    assert there_and_back(there_and_back(s)) == s


def test_techniques_come_back_even_where_the_conventions_run_others_by_default():
    s = scenario(GPT2).update(flash_attention=False)
    assert there_and_back(s).techniques == ()
