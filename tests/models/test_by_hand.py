"""A model written down by hand behaves as one that was loaded from a file."""

from __future__ import annotations

import pytest

from llm_roofline import ConfigError, Decoder, Scenario, evaluate, hardware, models

LLAMA = models["meta-llama/Llama-3.1-8B"]
SMALL = {"hidden_size": 64, "layers": 4, "heads": 8, "ffn_size": 96, "vocabulary": 1000}


def test_the_dimensions_of_a_published_model_give_its_counts():
    by_hand = Decoder(hidden_size=4096, layers=32, heads=32, kv_heads=8, ffn_size=14336, vocabulary=128256)
    assert by_hand.parameters == LLAMA.parameters
    ours, theirs = (evaluate(Scenario(model, hardware["h100-sxm"])) for model in (by_hand, LLAMA))
    assert (ours.ttft, ours.tpot) == (theirs.ttft, theirs.tpot)


def test_a_mixture_has_a_router_experts_and_what_runs_beside_them():
    dense, mixed = Decoder(**SMALL), Decoder(**SMALL, experts=4, experts_per_token=2, shared_ffn_size=32)
    assert mixed.parameters - dense.parameters == 4 * (64 * 4 + 3 * 3 * 64 * 96 + 3 * 64 * 32)


def test_an_expert_alone_is_a_dense_network_with_a_router():
    dense, one = Decoder(**SMALL), Decoder(**SMALL, experts=1, experts_per_token=1)
    assert one.parameters == dense.parameters + 4 * 64


def test_a_scenario_with_it_goes_to_json_and_back():
    s = Scenario(Decoder("mine", **SMALL, tied=True, window=16), hardware["h100-sxm"])
    back = Scenario.from_json(s.to_json())
    assert back == s
    assert back.model.parameters == s.model.parameters


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kv_heads": 3}, "'kv_heads' must divide 'heads'"),
        ({"layers": 0}, "'layers' must be a whole number from 1 to 10,000"),
        ({"experts": 4, "experts_per_token": 8}, "'experts_per_token' must be at most 'experts'"),
        ({"experts": 4}, "'experts_per_token' is missing"),
        ({"experts_per_token": 2}, "'experts_per_token' is for a model with 'experts', which are missing"),
        ({"shared_ffn_size": 32}, "'shared_ffn_size' is for a model with 'experts', which are missing"),
        ({"activation": "magic"}, "'activation' must be one of"),
    ],
)
def test_what_is_wrong_is_said(changes, message):
    with pytest.raises(ConfigError, match=message):
        Decoder(**SMALL | changes)
