"""Layers that predict further tokens are counted apart from the model, as the draft that they are."""

from __future__ import annotations

import pytest

from llm_roofline import Scenario, TechniqueError, Workload, evaluate, hardware, load_model, models, techniques
from llm_roofline.models import draft_model

H200 = hardware["h200-sxm"]
SPECULATIVE = techniques["speculative-decoding"]
V3 = "deepseek-ai/DeepSeek-V3"


def test_the_module_of_deepseek_v3_is_what_its_checkpoint_has_besides():
    """The hub counts 684.5 billion: the model, the module, and copies of embedding and head (arXiv 2412.19437, 2.2)."""
    model = models[V3]
    table = 129280 * 7168
    assert model.parameters == 671_026_404_352  # as Transformers builds it, without the module
    assert model.parameters + model.predictor.parameters + 2 * table == pytest.approx(684.5e9, rel=1e-4)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("MiniMaxAI/MiniMax-M2.5", "num_mtp_modules"),
        ("moonshotai/Kimi-Linear-48B-A3B-Instruct", "num_nextn_predict_layers"),
    ],
)
def test_where_a_familys_are_not_understood_that_is_said(name, key):
    model = load_model(dict(models[name].config) | {key: 1})
    assert model.predictor is None
    assert "layers that predict further tokens are not counted, since" in evaluate(Scenario(model, H200)).notes[0]


def test_every_model_that_has_them_guesses_with_one_and_keeps_all():
    found = {name: models[name] for name in models.names() if models[name].predictor}
    assert len(found) > 15
    for name, model in found.items():
        scenario = Scenario(model, H200, Workload(1, 1000, 100))
        e, plain = evaluate(scenario.using(SPECULATIVE.with_(draft="mtp"))), evaluate(scenario)
        kept = sum(n * e.plan.draft.rates.storage[kind] for kind, n in model.predictor.parameters_by_kind.items())
        assert e.memory.weight_bytes == pytest.approx(plain.memory.weight_bytes + kept, rel=1e-9), name
        assert e.draft.flops > 0, name


def test_the_features_of_several_streams_are_projected_one_by_one():
    e = evaluate(Scenario(models["deepseek-ai/DeepSeek-V4-Flash"], H200).using(SPECULATIVE.with_(draft="mtp")))
    flops = dict(zip(e.draft.operators.name, e.draft.operators.flops.tolist(), strict=True))
    assert flops["e_proj"] == 2 * 4096**2
    assert flops["h_proj"] == 4 * flops["e_proj"]  # a stream each, of the four that hyper-connections keep


def test_they_take_no_memory_and_no_time_where_nothing_is_guessed():
    config = {key: value for key, value in models[V3].config.items() if key != "num_nextn_predict_layers"}
    with_module, without = (evaluate(Scenario(m, H200)) for m in (models[V3], load_model(config, V3)))
    assert (with_module.memory, with_module.tpot) == (without.memory, without.tpot)


def test_a_model_guesses_with_its_own_layers():
    scenario = Scenario(models[V3], H200, Workload(1, 1000, 100))
    e, plain = evaluate(scenario.using(SPECULATIVE.with_(guesses=1))), evaluate(scenario)
    assert e.plan.drafter is models[V3].predictor
    assert "Drafts by the layers of deepseek-ai/DeepSeek-V3 that predict further tokens." in e.notes
    assert e.plan.draft.precision == scenario.precision  # those of its own checkpoint
    more = sum(n * e.plan.draft.rates.storage[kind] for kind, n in models[V3].predictor.parameters_by_kind.items())
    assert e.memory.weight_bytes == pytest.approx(plain.memory.weight_bytes + more, rel=1e-12)
    read = dict(zip(e.draft.operators.name, e.draft.operators.traffic("weight_bytes"), strict=True))
    assert read["lm_head"] == 2 * 129280 * 7168  # the model's own, read once more
    assert e.tpot < plain.tpot


def test_of_several_layers_a_pass_runs_one_and_memory_holds_all():
    one, three = (
        load_model(models["XiaomiMiMo/MiMo-7B-Base"].config | {"num_nextn_predict_layers": n}) for n in (1, 3)
    )
    assert three.predictor.parameters == 3 * one.predictor.parameters
    base = evaluate(Scenario(one, H200)).memory
    first, all_three = (evaluate(Scenario(m, H200).using(SPECULATIVE.with_(draft="mtp"))) for m in (one, three))
    assert first.draft.time == all_three.draft.time
    kept = [e.memory for e in (first, all_three)]
    weights, caches = ([m.weight_bytes for m in (base, *kept)], [m.kv_cache_bytes for m in (base, *kept)])
    assert weights[2] - weights[1] == 2 * (weights[1] - weights[0])
    # Those of the model itself grow by the guesses.
    assert caches[2] - caches[1] == pytest.approx(2 * (caches[1] - caches[0]), rel=0.1)


def test_a_draft_of_its_own_layers_needs_some():
    with pytest.raises(TechniqueError, match="8B has no layers that predict further tokens; a draft is one of"):
        evaluate(Scenario(models["meta-llama/Llama-3.1-8B"], H200).using(SPECULATIVE.with_(draft="mtp")))


@pytest.mark.parametrize(
    ("name", "draft"),
    {
        "meta-llama/Llama-3.1-70B": "meta-llama/Llama-3.2-1B",
        "Qwen/Qwen3-235B-A22B": "Qwen/Qwen3-0.6B",
        "Qwen/Qwen2.5-72B": "Qwen/Qwen2.5-0.5B",
        "mistralai/Mixtral-8x7B-v0.1": "mistralai/Mistral-7B-v0.1",
        "google/gemma-3-27b-it": "google/gemma-3-270m",
        "openai/gpt-oss-120b": "openai/gpt-oss-20b",
        "facebook/opt-66b": "facebook/opt-125m",
    }.items(),
)
def test_a_draft_is_the_smallest_of_the_same_owner_and_vocabulary(name, draft):
    assert draft_model(models[name]).name == draft
    e = evaluate(Scenario(models[name], H200, Workload(1, 500, 50)).using(SPECULATIVE))
    assert f"Drafts by {draft}, whose vocabulary is taken for the same by its size." in e.notes


def test_the_smallest_of_a_family_has_no_draft_and_says_so():
    with pytest.raises(TechniqueError, match="small enough has the 128,256 tokens of meta-llama/Llama-3"):
        evaluate(Scenario(models["meta-llama/Llama-3.2-1B"], H200).using(SPECULATIVE))


def test_most_decoders_find_a_draft():
    decoders = [models[name] for name in models.names() if models[name].paradigm.grows and not models[name].encoder]
    found = [model.name for model in decoders if model.predictor or draft_model(model)]
    assert len(found) > 0.6 * len(decoders)
