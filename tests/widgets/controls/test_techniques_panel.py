"""The panel of techniques: what it tells, asks and sends."""

from __future__ import annotations

import asyncio
import json

import pytest

from llm_roofline import evaluate, load_model, techniques
from llm_roofline.estimates.deltas import deltas
from llm_viewer_widgets import LLMViewer
from tests.widgets.recording import browser_asks


@pytest.fixture
def board(board, recorder):
    board.batch_size = 8
    recorder.clear()
    return board


def panel_of(board):
    return board.techniques_panel


def press(board, name, **content):
    return browser_asks(panel_of(board), technique=name, **content)


def told(board):
    return json.loads(panel_of(board).chosen)


def effects(board):
    return json.loads(panel_of(board).effects)


def test_the_map_has_four_sections_with_every_technique_its_sentence_and_its_citation(board):
    sections = json.loads(panel_of(board).map)["sections"]
    assert list(sections) == ["model compression", "fast decoding", "compiler and system", "hardware"]
    rows = {row["name"]: row for section in sections.values() for row in section}
    assert list(rows) == list(techniques)
    for name, row in rows.items():
        technique = techniques[name]
        assert (row["label"], row["mechanism"], row["citation"]) == (
            technique.label,
            technique.mechanism,
            technique.citation,
        )


def test_a_switch_turns_a_technique_on_and_off(board):
    press(board, "weight-quantization", on=True)
    assert [t.name for t in board.techniques] == ["flash-attention", "weight-quantization"]
    assert told(board)["on"] == ["flash-attention", "weight-quantization"]
    press(board, "weight-quantization", on=False)
    assert [t.name for t in board.techniques] == ["flash-attention"]


def test_a_parameter_of_a_technique_that_is_off_waits_for_its_switch(board):
    press(board, "weight-quantization", values={"format": "int2"})
    assert [t.name for t in board.techniques] == ["flash-attention"]
    assert told(board)["values"]["weight-quantization"] == {"format": "int2"}
    press(board, "weight-quantization", on=True)
    assert board.techniques[-1].format == "int2"
    press(board, "weight-quantization", values={"format": "fp8"})
    assert board.techniques[-1].format == "fp8"


def test_a_state_says_which_request_it_answers_in_the_same_message(recorder, board):
    for content in ({"on": True}, {"on": True}, {"values": {"format": "int5"}}):
        request = press(board, "weight-quantization", **content)
        assert panel_of(board).answered == request
        (last,) = (m.state for m in recorder.updates(panel_of(board)) if m.state.get("answered") == request)
    assert "chosen" not in last  # refused
    first = next(m.state for m in recorder.updates(panel_of(board)))
    assert first.keys() == {"chosen", "answered"}


def test_what_is_refused_is_told_and_the_panel_goes_back(board):
    press(board, "weight-quantization", on=True, values={"format": "int5"})
    assert board.status.startswith("Not updated: 'format' of weight-quantization must be one of ")
    assert [t.name for t in board.techniques] == ["flash-attention"]
    press(board, "expert-parallel", on=True)
    assert "this model has none" in board.status
    press(board, "structured-sparsity", on=True)
    press(board, "unstructured-pruning", on=True)
    assert "both say which single weights are left out" in board.status
    assert told(board)["on"] == ["flash-attention", "structured-sparsity"]


@pytest.mark.parametrize(
    "content", [None, 5, {}, {"technique": "no such"}, {"technique": 5}, {"technique": "low-rank", "values": "rank"}]
)
def test_a_message_of_nonsense_changes_nothing(board, content):
    before = board.scenario
    panel_of(board)._received(None, content, [])
    assert board.scenario == before


def test_effects_are_worked_out_while_the_panel_is_open_and_not_before(board):
    assert effects(board) == {}
    panel_of(board).unfolded = True
    found = effects(board)
    assert list(found) == list(techniques)
    assert "this model has none" in found["expert-parallel"]["reason"]
    first = {name: text for name, text, _ in found["weight-quantization"]["figures"]}
    board.batch_size = 256
    second = {name: text for name, text, _ in effects(board)["weight-quantization"]["figures"]}
    assert first.keys() == second.keys() == {"TTFT", "TPOT", "tokens/s", "memory"}
    assert first["TPOT"] != second["TPOT"]


def test_the_effects_are_those_of_the_core(board):
    panel_of(board).unfolded = True
    (delta,) = deltas(evaluate(board.scenario), [techniques["tensor-parallel"]])
    figures = {name: verdict for name, _, verdict in effects(board)["tensor-parallel"]["figures"]}
    assert figures["TPOT"] == ("better" if delta.tpot < 1 else "worse")
    assert figures["tokens/s"] == ("better" if delta.tokens_per_s > 1 else "worse")


def test_in_a_kernel_effects_wait_for_a_pause_and_only_the_newest_are_worked_out(board):
    async def change():
        panel_of(board).unfolded = True
        for size in (2, 4, 16):
            board.batch_size = size
        assert effects(board) == {}
        for _ in range(200):
            await asyncio.sleep(0.01)
            if effects(board):
                return

    asyncio.run(change())
    (delta,) = deltas(board.estimate, [techniques["kv-cache-quantization"]])
    (text,) = (t for name, t, _ in effects(board)["kv-cache-quantization"]["figures"] if name == "tokens/s")
    assert text == f"+{100 * (delta.tokens_per_s - 1):.1f} %" or text == f"+{100 * (delta.tokens_per_s - 1):.0f} %"


def test_a_board_that_is_closed_works_nothing_out():
    async def leave():
        board = LLMViewer("gpt2", "h100-sxm")
        panel = panel_of(board)
        panel.unfolded = True
        board.close()
        await asyncio.sleep(0.2)
        return panel.effects

    assert asyncio.run(leave()) == "{}"


DRAFT = {"medusa_num_heads": 5, "hidden_size": 4096, "vocab_size": 128256}


def test_a_draft_of_ones_own_is_shown_by_its_name_and_stays_while_other_parameters_change(board):
    own = load_model(DRAFT, "mine/heads")
    board.update(techniques=[techniques["speculative-decoding"].with_(draft=own)])
    assert told(board)["values"]["speculative-decoding"]["draft"] == "mine/heads"
    press(board, "speculative-decoding", values={"guesses": 3})
    assert (board.techniques[-1].draft, board.techniques[-1].guesses) == (own, 3)
    press(board, "speculative-decoding", values={"draft": "mine/other"})
    assert "'draft' of speculative-decoding must be 'auto', 'mtp', a name of models.names(), or a model" in board.status
    assert board.techniques[-1].draft == own
