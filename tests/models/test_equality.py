"""Models are equal when their blocks are, and no cache answers for another model of the same name."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from llm_roofline import RooflineError, Scenario, evaluate, hardware, load_model, models, sweep
from llm_roofline.findings import FindingIndex, Findings
from tests.laws.subjects import COVERING
from tests.over import over

H100 = hardware["h100-sxm"]
LLAMA = models["meta-llama/Llama-3.1-8B"]


def halved(model):
    """The model with half its layers, under its own name."""
    return replace(model, blocks=tuple(replace(block, layers=max(block.layers // 2, 1)) for block in model.blocks))


def test_models_with_other_blocks_are_not_equal():
    assert halved(LLAMA) != LLAMA
    assert halved(LLAMA) == halved(LLAMA)


@over("name", models.names(), fast=COVERING)
def test_a_model_is_equal_to_what_its_configuration_describes(name):
    other = load_model(dict(models[name].config), name=name)
    assert other == models[name]
    assert hash(other) == hash(models[name])


@pytest.mark.parametrize("techniques", [["flash-attention"], ["weight-quantization"], ["tensor-parallel"]])
def test_no_cache_answers_for_the_whole_model(techniques):
    whole, half = (Scenario(m, H100).update(techniques=techniques) for m in (LLAMA, halved(LLAMA)))
    assert evaluate(half).tpot == pytest.approx(evaluate(whole).tpot / 2, rel=0.25)  # the head stays whole
    assert evaluate(half).memory.weight_bytes < 0.7 * evaluate(whole).memory.weight_bytes


def test_no_cache_answers_for_it_in_a_sweep():
    whole, half = (sweep(Scenario(m, H100), batch_size=[1, 8])["tpot"].to_numpy() for m in (LLAMA, halved(LLAMA)))
    assert (half < 0.6 * whole).all()


def test_no_cache_answers_for_another_tower():
    whisper = models["openai/whisper-large-v3"]
    half = replace(whisper, encoder=halved(whisper.encoder))
    times = [evaluate(Scenario(model, H100)).encoder.time for model in (whisper, half)]
    assert times[1] == pytest.approx(times[0] / 2, rel=0.1)


def test_a_model_that_its_configuration_does_not_describe_cannot_be_written_down():
    with pytest.raises(RooflineError, match=r"Llama-3.1-8B has other layers than its configuration describes"):
        Scenario(halved(LLAMA), H100).to_json()


def test_a_pickled_model_is_equal():
    assert pickle.loads(pickle.dumps(halved(LLAMA))) == halved(LLAMA)  # noqa: S301 - our own


def test_no_cache_answers_for_an_equal_model_of_another_configuration():
    """Both have three layers; the second says six, and would come back with them."""
    fields = {"model_type": "decoder", "hidden_size": 64, "layers": 3, "heads": 4, "ffn_size": 96, "vocabulary": 1000}
    model = load_model(fields, "mine")
    assert Scenario.from_json(Scenario(model, H100).to_json()).model == model
    with pytest.raises(RooflineError, match="mine has other layers than its configuration describes"):
        Scenario(replace(model, config=fields | {"layers": 6}), H100).to_json()


def test_a_model_that_cannot_be_written_down_has_no_findings():
    findings = Findings()
    findings.add("Of the whole model.", scenario=Scenario(LLAMA, H100))
    index = FindingIndex(findings.items)
    assert index.about(Scenario(LLAMA, H100))
    assert index.about(Scenario(halved(LLAMA), H100)) == ()


def test_no_cache_answers_with_the_notes_of_another_configuration():
    strange = load_model(dict(LLAMA.config) | {"quantum_loops": 3}, LLAMA.name)
    assert any("quantum_loops" in note for note in evaluate(Scenario(strange, H100)).notes)
    assert not any("quantum_loops" in note for note in evaluate(Scenario(LLAMA, H100)).notes)
