"""What of the layers a decode step runs: early exit, contextual sparsity, uneven routing; arithmetic on dimensions."""

from __future__ import annotations

import numpy as np
import pytest

from llm_roofline import Scenario, TechniqueError, Workload, evaluate, hardware, models, techniques
from tests.techniques.arithmetic import EIGHT, SEVEN, column, exact, layer_weights, scenario, weights, with_

HEAD = EIGHT["h"] * EIGHT["v"]
KEYS = 2 * EIGHT["h"] * EIGHT["kv"] * EIGHT["d"]  # weights of the projections of keys and values
CACHED = 2 * EIGHT["kv"] * EIGHT["d"]  # elements of a token and layer
MIXTRAL = "mistralai/Mixtral-8x7B-v0.1"


def products(phase):
    """FLOP of the matrix products of the layers."""
    kinds = {"attention projection", "mlp"}
    return sum(row.flops for row in phase.operators if row.kind in kinds)


@pytest.mark.parametrize("skipped", [0.25, 0.5, 1.0])
def test_a_token_that_leaves_early_runs_a_share_of_the_layers_and_all_keys_and_values(skipped):
    e = with_(scenario(batch=4), "early-exit", skipped=skipped, checks=0)
    rest = layer_weights(EIGHT) - KEYS
    run = EIGHT["layers"] * (KEYS + (1 - skipped) * rest)
    assert products(e.decode) == exact(2 * 4 * run)
    assert column(e.decode, "kv_write_bytes") == exact(4 * 2 * EIGHT["layers"] * CACHED)


@pytest.mark.parametrize("skipped", [0.25, 0.5])
def test_the_cache_is_read_in_the_layers_that_run_and_stored_for_all(skipped):
    plain, e = evaluate(scenario()), with_(scenario(), "early-exit", skipped=skipped, checks=0)
    assert column(e.decode, "kv_read_bytes") == exact((1 - skipped) * column(plain.decode, "kv_read_bytes"))
    assert e.memory.kv_cache_bytes == plain.memory.kv_cache_bytes
    assert e.memory.weight_bytes == plain.memory.weight_bytes


def test_a_projection_of_queries_keys_and_values_in_one_makes_the_latter_alone_where_a_layer_is_skipped():
    s = Scenario(models["openai-community/gpt2"], hardware["h100-sxm"], Workload(1, 500, 50))
    plain, e = evaluate(s), with_(s, "early-exit", skipped=0.3, checks=0)
    assert e.decode.operators["c_attn"].flops == exact(plain.decode.operators["c_attn"].flops * (1 - 0.3 / 3))


def test_latents_are_made_for_every_layer_and_expanded_where_it_runs():
    s = Scenario(models["deepseek-ai/DeepSeek-V2-Lite"], hardware["h100-sxm"], Workload(1, 500, 50))
    plain, e = (x.decode.operators for x in (evaluate(s), with_(s, "early-exit", skipped=0.5, checks=0)))
    for name, share in {"kv_a_proj_with_mqa": 1.0, "kv_b_proj": 0.5, "q_proj": 0.5}.items():
        rows = [row.name for row in plain if row.name.startswith(name)]
        assert rows
        for row in rows:
            assert e[row].flops == exact(share * plain[row].flops)


def test_each_check_of_certainty_is_a_head():
    plain, e = evaluate(scenario()), with_(scenario(), "early-exit", skipped=0.0, checks=3)
    assert e.decode.flops - plain.decode.flops == exact(3 * 2 * HEAD)
    assert e.memory.weight_bytes == plain.memory.weight_bytes
    assert e.prefill.time == plain.prefill.time


def test_time_of_decode_falls_with_the_layers_that_are_skipped():
    times = [with_(scenario(), "early-exit", skipped=k / 10).tpot for k in range(11)]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("name", ["early-exit", "contextual-sparsity"])
def test_what_leaves_parts_out_does_not_go_with_states(name):
    s = Scenario(models["state-spaces/mamba2-130m"], hardware["h100-sxm"])
    with pytest.raises(TechniqueError, match="every token changes"):
        evaluate(s.using(techniques[name]))


@pytest.mark.parametrize("name", ["early-exit", "contextual-sparsity"])
def test_what_is_for_decode_does_not_go_with_denoising(name):
    s = Scenario(models["facebook/DiT-S-2"], hardware["h100-sxm"])
    with pytest.raises(TechniqueError, match="is for decode, and facebook/DiT-S-2 denoises"):
        evaluate(s.using(techniques[name]))


@pytest.mark.parametrize("batch", [1, 4, 64])
@pytest.mark.parametrize("active", [0.1, 0.5])
def test_the_weights_that_a_batch_loads_are_the_union_over_its_tokens(active, batch):
    s = scenario(batch=batch)
    e = with_(s, "contextual-sparsity", active=active, predictor=0)
    union = 1 - (1 - active) ** batch
    rest = weights(EIGHT) - EIGHT["layers"] * KEYS
    saved = 2 * (1 - union) * rest
    assert column(evaluate(s).decode, "weight_bytes") - column(e.decode, "weight_bytes") == exact(saved)
    assert products(e.decode) == exact(2 * batch * (EIGHT["layers"] * KEYS + active * rest))


@pytest.mark.parametrize("guesses", [0, 3])
def test_a_head_of_keys_is_read_if_any_head_of_its_group_is_active_in_any_token(guesses):
    s = scenario(batch=2).using(techniques["prompt-lookup"].with_(guesses=guesses))
    e = with_(s, "contextual-sparsity", active=0.3)
    group = EIGHT["heads"] // EIGHT["kv"]
    read = 1 - (1 - 0.3) ** (group * (1 + guesses))
    assert column(e.decode, "kv_read_bytes") == exact(read * column(evaluate(s).decode, "kv_read_bytes"))


def test_keys_and_values_of_all_heads_are_written_and_kept():
    plain, e = evaluate(scenario()), with_(scenario(), "contextual-sparsity")
    assert column(e.decode, "kv_write_bytes") == column(plain.decode, "kv_write_bytes")
    assert e.memory.kv_cache_bytes == plain.memory.kv_cache_bytes


def test_predictors_are_two_thin_products_before_heads_and_columns():
    rank = 128
    e, bare = (with_(scenario("seven"), "contextual-sparsity", predictor=r) for r in (rank, 0))
    width = SEVEN["h"] + SEVEN["heads"] * SEVEN["d"] + SEVEN["h"] + SEVEN["f"]
    assert e.decode.flops - bare.decode.flops == exact(2 * SEVEN["layers"] * rank * width)


def test_deja_vus_sparsity_is_worth_more_than_a_factor_of_two_on_a_model_of_its_kind():
    """Up to 80 % inactive and more than twice as fast, of OPT on A100 (arXiv 2310.17157): a roofline effect."""
    s = Scenario(models["facebook/opt-66b"], hardware["a100-sxm-80gb"], Workload(1, 512, 128))
    assert evaluate(s).tpot / with_(s, "contextual-sparsity", active=0.2).tpot > 2
    large = Scenario(models["facebook/opt-66b"], hardware["a100-sxm-80gb"], Workload(32, 512, 128))
    assert evaluate(large).tpot / with_(large, "contextual-sparsity", active=0.2).tpot < 1.3  # what is left: the cache


def test_contextual_sparsity_leaves_the_choice_of_experts_to_the_router():
    s = Scenario(models[MIXTRAL], hardware["h100-sxm"])
    with pytest.raises(TechniqueError, match="a router chooses experts here"):
        evaluate(s.using(techniques["contextual-sparsity"]))


def hit(experts, chosen, skew, tokens):
    """Distinct experts hit, if no expert is so popular that it is capped."""
    weight = [i**-skew for i in range(1, experts + 1)]
    return sum(1 - (1 - chosen * w / sum(weight)) ** tokens for w in weight)


def loaded(s, **parameters):
    e = with_(s, "expert-imbalance", **parameters) if parameters else evaluate(s)
    row = e.decode.operators["experts.up_proj"]
    return e.decode.operators.traffic("weight_bytes")[row.index] / row.count / (2 * 2048 * 1024)


@pytest.mark.parametrize("batch", [1, 8, 100])
@pytest.mark.parametrize("skew", [0.1, 0.4])
def test_uneven_routing_hits_the_experts_that_their_popularity_says(skew, batch):
    s = Scenario(models["allenai/OLMoE-1B-7B-0924"], hardware["h100-sxm"], Workload(batch, 500, 20))
    assert loaded(s, skew=skew) == exact(hit(64, 8, skew, batch))
    assert loaded(s) == exact(64 * (1 - (1 - 8 / 64) ** batch))


def test_the_more_uneven_the_routing_the_fewer_experts_are_loaded():
    s = Scenario(models[MIXTRAL], hardware["h100-sxm"], Workload(16, 500, 20))
    times = [with_(s, "expert-imbalance", skew=skew).tpot for skew in np.linspace(0, 5, 11)]
    assert times == sorted(times, reverse=True)
    assert times[0] > times[-1]


def test_a_model_without_experts_has_no_uneven_routing():
    with pytest.raises(TechniqueError, match="between experts, and this model has none"):
        evaluate(scenario().using(techniques["expert-imbalance"]))
