"""Passes of models that are no plain decoder: of an encoder, of a vision tower, of denoising; and their words."""

from __future__ import annotations

import json
import re

import pytest

from llm_roofline import Scenario, Step, Workload, WorkloadError, evaluate, evaluate_step, hardware, models
from llm_roofline.estimates.export import columns, to_dict, write_csv
from llm_roofline.estimates.words import binding
from llm_roofline.models.limits import fitting
from llm_roofline.models.paradigm import DIFFUSION
from tests.over import over

H100 = hardware["h100-sxm"]
WHISPER, T5, DIT, VISION = (models[n] for n in ("whisper-tiny", "t5-small", "DiT-XL-2", "Qwen3-VL-8B-Instruct"))


def estimate(model, *workload):
    return evaluate(Scenario(model, H100, Workload(*workload)))


def test_a_decoder_behind_an_encoder_begins_with_one_token_and_sees_the_source():
    e = estimate(T5, 3, 500, 10)
    first = evaluate_step(e.scenario, Step(3, 1, 1, prompt=True, source_tokens=500))
    assert e.prefill.time == pytest.approx(first.time, rel=1e-14)
    steps = [evaluate_step(e.scenario, Step(3, 1, c, source_tokens=500)).time for c in range(2, 11)]
    assert e.decode.time == pytest.approx(sum(steps) / 9)


def test_the_first_token_waits_for_the_encoder():
    e = estimate(T5, 3, 500, 10)
    assert e.ttft == e.encoder.time + e.prefill.time
    assert e.latency == e.ttft + 9 * e.tpot


def test_the_cache_of_an_encoder_decoder_holds_the_source_and_what_was_generated():
    config = T5.config
    per_token = 2 * config["num_decoder_layers"] * config["num_heads"] * config["d_kv"]
    assert estimate(T5, 3, 500, 10).memory.kv_cache_bytes == 2 * 3 * per_token * (500 + 1 + 10)


def test_a_longer_source_costs_the_encoder_more_than_in_proportion_and_the_decoder_no_projections():
    short, long = estimate(T5, 1, 256, 10), estimate(T5, 1, 512, 10)
    assert long.encoder.flops > 2 * short.encoder.flops
    for name in ("SelfAttention.q", "EncDecAttention.q", "wi"):
        assert long.decode.operators[name].flops == short.decode.operators[name].flops
    assert long.decode.operators["cross_attention"].flops == 2 * short.decode.operators["cross_attention"].flops


def test_an_image_is_in_no_total():
    e = estimate(VISION, 2, 100, 10)
    assert e.vision.flops > 0
    assert e.ttft == e.prefill.time


def test_a_vision_tower_reads_one_image_for_each_sequence():
    one, four = (estimate(VISION, batch, 100, 10).vision.flops for batch in (1, 4))
    assert four == 4 * one


def test_every_denoising_step_is_the_same_and_keeps_nothing():
    e = estimate(DIT, 2, 256, 250)
    assert e.prefill.time == pytest.approx(e.decode.time, rel=1e-12)
    assert e.latency == pytest.approx(250 * e.tpot)
    assert e.memory.kv_cache_bytes == 0


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("DiT-S-8", 0.36),
        ("DiT-S-4", 1.41),
        ("DiT-S-2", 6.06),
        ("DiT-B-8", 1.42),
        ("DiT-B-4", 5.56),
        ("DiT-B-2", 23.01),
        ("DiT-L-8", 5.01),
        ("DiT-L-4", 19.70),
        ("DiT-L-2", 80.71),
        ("DiT-XL-8", 7.39),
        ("DiT-XL-4", 29.05),
        ("DiT-XL-2", 118.64),
    ],
)
def test_work_of_a_denoising_step_is_that_of_the_paper(name, published):
    """Table 4 of arXiv 2212.09748 counts a multiply-add as one."""
    model = models[name]
    table = estimate(model, 1, fitting(model).prompt_tokens, 1).decode.operators
    assert (table.count * table.columns[0]).sum() / 2e9 == pytest.approx(published, rel=3e-3, abs=0.005)


@pytest.mark.parametrize(
    ("model", "work"),
    [
        (DIT, Workload(1, 256, DIFFUSION.default_outputs)),
        (WHISPER, Workload(1, 1500, 256)),
        (T5, Workload()),
        (models["gpt2"], Workload.within(1024)),
        (models["llama-3.1-8b"], Workload()),
    ],
    ids=lambda given: given.name if hasattr(given, "name") else "",
)
def test_a_fitting_workload_is_what_a_model_was_built_for(model, work):
    assert fitting(model) == work


@over("name", models.names())
def test_every_model_takes_its_fitting_workload(name):
    Scenario(models[name], H100, fitting(models[name]))


@pytest.mark.parametrize(
    ("work", "message"),
    [
        ((1, 1501, 100), "a source of 1,501 tokens exceeds the 1,500 of the encoder of openai/whisper-tiny."),
        (
            (1, 1500, 449),
            "a context of 449 tokens (1 start + 448 of 449 output) exceeds the 448 of openai/whisper-tiny.",
        ),
    ],
)
def test_what_is_too_long_for_an_encoder_or_behind_it_is_refused(work, message):
    with pytest.raises(WorkloadError, match=f"^{re.escape(message)}$"):
        Scenario(WHISPER, H100, Workload(*work))


def test_a_larger_image_may_be_denoised_than_the_model_was_trained_on():
    assert estimate(DIT, 1, 1024, 2).tpot > estimate(DIT, 1, 256, 2).tpot


def test_the_takeaway_of_a_diffusion_transformer_speaks_of_steps_and_of_no_token():
    e = estimate(DIT, 1, 256, 250)
    assert ": 250 denoising steps, " in e.takeaway
    assert " each (memory-bound), " in e.takeaway
    assert "token" not in e.takeaway
    assert ": 1 denoising step, " in estimate(DIT, 1, 256, 1).takeaway
    assert binding(e.decode).startswith("Denoising is bound by ")


def test_the_takeaway_of_an_encoder_decoder_names_the_encoder():
    assert re.search(
        r"first token after .* \(.* of it in the memory-bound encoder\), then ", estimate(WHISPER, 1, 1500, 9).takeaway
    )


@pytest.mark.parametrize(
    ("model", "phases"),
    [
        (WHISPER, ["encoder", "prefill", "decode"]),
        (VISION, ["vision", "prefill", "decode"]),
        (DIT, ["denoising"]),
        (models["gpt2"], ["prefill", "decode"]),
    ],
    ids=lambda given: getattr(given, "name", ""),
)
def test_every_phase_is_shown_and_written_once(model, phases, tmp_path):
    e = estimate(model, 2, 200, 9)
    assert [phase.name for phase in e.phases] == phases
    assert [line.split()[0] for line in repr(e).splitlines()[1:-1]] == phases
    write_csv(e, tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == {*phases, "totals", "memory"}


@pytest.mark.parametrize(("model", "tower"), [(WHISPER, "encoder"), (VISION, "vision")], ids=["encoder", "vision"])
def test_plain_data_has_a_tower_as_one_more_phase(model, tower):
    e = estimate(model, 2, 200, 9)
    data = json.loads(json.dumps(to_dict(e)))
    assert data[tower]["time"] == getattr(e, tower).time
    assert data[tower]["operators"] == columns(getattr(e, tower).operators)
    assert not {"encoder", "vision"} & to_dict(estimate(models["gpt2"], 2, 200, 9)).keys()
