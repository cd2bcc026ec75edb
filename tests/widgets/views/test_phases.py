"""The phases that a model has: its passes and a generation, or steps of denoising."""

from __future__ import annotations

import pytest

from llm_roofline import RooflineError
from llm_roofline.charts import bars
from llm_roofline.charts.together import together
from tests.widgets.recording import browser_sets

LLAMA, WHISPER, QWEN, DIT = "llama-3.1-8b", "openai/whisper-base", "Qwen/Qwen3-VL-8B-Instruct", "facebook/DiT-S-2"
OFFERED = {
    LLAMA: ["prefill", "decode", "generate"],
    WHISPER: ["encoder", "prefill", "decode", "generate"],
    QWEN: ["vision", "prefill", "decode", "generate"],
    DIT: ["decode", "generate"],
}


def buttons(board):
    return board.controls.by_name["phase"]


@pytest.mark.parametrize("model", OFFERED)
def test_a_board_offers_the_phases_of_its_model_and_draws_each(board, model):
    board.request(model=model)
    assert [name for _, name in buttons(board).options] == OFFERED[model]
    for phase in OFFERED[model]:
        board.phase = phase
        assert buttons(board).value == phase
        assert board._repr_mimebundle_()["image/svg+xml"]


def test_a_draft_model_has_phases_of_its_own(board):
    board.techniques = ["speculative-decoding"]
    named = dict(buttons(board).options)
    assert list(named) == ["prefill", "draft prefill", "draft", "decode", "generate"]
    for phase in named.values():
        board.update(phase=phase, selected="q_proj")
        assert board._repr_mimebundle_()["image/svg+xml"]
    board.phase = "draft"
    board.techniques = []
    assert board.phase == "decode"


def test_a_generation_shows_what_runs_in_some_of_its_passes_alone(board):
    board.update(phase="generate", techniques=["early-exit", "speculative-decoding"])
    e = board.estimate
    rows = together(e, "generate")
    assert e.plan.schedule.draft_tokens == (1,) * 4
    assert rows.time.sum() == pytest.approx(e.latency, rel=1e-12)
    assert "exit_check.1" in rows.names
    board.selected = "exit_check.1"
    lengths = [sum(segment.time for segment in bar.segments) for bar in bars(e, "generate")]
    assert sum(lengths) == pytest.approx(e.latency, rel=1e-12)
    assert len({tuple((s.name, s.kind) for s in bar.segments) for bar in bars(e, "generate")}) == 1


def test_a_phase_that_the_model_lacks_is_refused_with_those_it_has(board):
    with pytest.raises(RooflineError, match=r"Unknown phase 'encoder'\..* Accepted are prefill, decode, generate\."):
        board.phase = "encoder"
    assert board.phase == "decode"


def test_a_model_without_the_phase_that_is_shown_is_shown_in_decode(board):
    board.update(model=WHISPER, prompt_tokens=100, output_tokens=100, phase="encoder")
    board.update(model=LLAMA)
    assert (board.phase, buttons(board).value) == ("decode", "decode")


def test_an_operator_of_a_tower_is_selected_in_its_phase_alone(board):
    board.update(model=QWEN, phase="vision")
    board.selected = board.estimate.vision.operators.name[0]
    board.phase = "decode"
    assert board.selected is None


def test_a_change_of_the_buttons_asks_for_no_phase(board, recorder):
    board.update(phase="generate", prompt_tokens=100, output_tokens=100)
    board.update(model=WHISPER)
    assert board.phase == "generate"
    browser_sets(buttons(board), index=0)
    assert board.phase == "encoder"
    assert recorder.messages


def test_steps_of_denoising_have_tiles_of_their_own(board):
    board.update(model=DIT, output_tokens=250)
    headline = board.headline.value
    assert "TTFT" not in headline
    assert all(word in headline for word in ("one step", "all steps", "images/s", "250 steps"))
    sliders = board.controls.by_name
    assert sliders["output_tokens"].label == "denoising steps"
    board.update(model=LLAMA)
    assert sliders["output_tokens"].label == "output tokens"
