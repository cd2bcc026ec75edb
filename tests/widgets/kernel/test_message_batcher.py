"""The batcher of messages: once a browser delivers, a change is one message that says what ten would; none is lost."""

import json

import pytest

from llm_viewer_widgets.kernel.lifecycle import tree
from tests.widgets.kernel.test_messages import CHANGES, SLIDES
from tests.widgets.recording import browser_asks, browser_sends

BUDGETS = {"decode": (10, 16, 5_500), "prefill": (11, 19, 5_800), "generate": (12, 23, 7_000)}
"""Widgets and traits that a slide may change, and bytes that it may send: what it costs in counts, not in time."""


def batcher(board):
    return board.message_batcher


def parts(message):
    """Identifier of a model, state and paths of buffers, for each update in a message."""
    return json.loads(message.state["parts"])


@pytest.fixture
def batched(board, recorder):
    """A board whose browser has said that it delivers."""
    browser_sends(batcher(board), ready=True)
    recorder.clear()
    return board


@pytest.mark.parametrize("changes", CHANGES, ids="-".join)
def test_a_change_is_one_message_that_says_what_the_widgets_would_have_said(lent, board, recorder, changes):
    board.update(**changes)
    plain = [[message.comm, message.state] for message in recorder.messages]
    again = lent.board()
    browser_sends(batcher(again), ready=True)
    recorder.clear()
    again.update(**changes)
    (message,) = recorder.messages
    assert (message.comm, message.kind) == (batcher(again).model_id, "custom")
    assert [[model, state] for model, state, _ in parts(message)] == json.loads(json.dumps(plain))


@pytest.mark.parametrize("phase", BUDGETS)
@pytest.mark.parametrize("changes", SLIDES, ids="-".join)
def test_a_slide_keeps_to_its_budget_of_widgets_traits_and_bytes(batched, recorder, changes, phase):
    batched.phase = phase
    recorder.clear()
    batched.update(**changes)
    (message,) = recorder.messages
    changed = [state for _, state, _ in parts(message)]
    sent = len(changed), sum(map(len, changed)), recorder.bytes
    within = all(number <= most for number, most in zip(sent, BUDGETS[phase], strict=True))
    assert within, f"sent {sent}, budget {BUDGETS[phase]}; a new view raises BUDGETS by what it needs itself: {changed}"


def test_a_move_of_a_slider_is_one_message_with_its_answer(batched, recorder):
    slider = batched.controls.by_name["batch_size"]
    request = browser_asks(slider, value=6)
    (message,) = recorder.messages
    assert (message.comm, message.kind) == (batcher(batched).model_id, "custom")
    told = {model: state for model, state, _ in parts(message)}
    assert told[slider.model_id] == {"value": 6, "answered": request}


def test_what_is_refused_goes_back_in_the_one_message(batched, recorder):
    slider = batched.controls.by_name["batch_size"]
    request = browser_asks(slider, value=0)
    back = {model: state for m in recorder.messages if m.kind == "custom" for model, state, _ in parts(m)}
    assert back[slider.model_id] == {"answered": request}


def test_buffers_travel_in_the_order_of_their_parts(batched, monkeypatch):
    sent = []
    monkeypatch.setattr(batcher(batched), "send", lambda content, buffers: sent.append((content, buffers)))
    batched.update(batch_size=7, phase="generate")
    content, buffers = sent[0]
    told = json.loads(content["parts"])
    assert sum(len(paths) for *_, paths in told) == len(buffers)
    widgets = {widget.model_id: widget for widget in tree(batched)}
    for model, _, paths in told:
        for name, *rest in paths:
            buffer = bytes(buffers.pop(0))
            if rest == ["value"]:
                assert buffer == getattr(widgets[model], name).tobytes()


def test_without_a_word_of_a_browser_and_with_one_that_cannot_deliver_every_widget_speaks_for_itself(board, recorder):
    board.batch_size = 2
    assert {m.kind for m in recorder.messages} == {"update"}
    for words in ([False], [True, False], [False, True]):
        for ready in words:
            browser_sends(batcher(board), ready=ready)
        recorder.clear()
        board.batch_size += 1
        assert {m.kind for m in recorder.messages} == {"update"}


def test_a_browser_that_begins_later_is_told_again_what_was_batched_and_as_it_is_now(batched, recorder):
    batched.batch_size = 7
    told = {model: state.keys() for m in recorder.messages for model, state, _ in parts(m)}
    batched.batch_size = 9
    recorder.clear()
    browser_sends(batcher(batched), ready=True)
    again = {m.comm: m.state.keys() for m in recorder.messages}
    assert {m.kind for m in recorder.messages} == {"update"}
    assert told.keys() <= again.keys()
    assert all(again[model] >= names for model, names in told.items())
    headline = batched.headline
    assert [m.state["value"] for m in recorder.updates(headline)] == [headline.value]
    recorder.clear()
    browser_sends(batcher(batched), ready=True)
    assert recorder.messages == []


def test_a_drawing_that_fails_still_tells_what_was_drawn(batched, recorder, monkeypatch):
    monkeypatch.setattr(batched.notebook_cells, "draw", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        batched.batch_size = 5
    assert batched.headline.model_id in [model for model, *_ in parts(recorder.messages[0])]
    monkeypatch.undo()
    batched.batch_size = 6
    assert len(recorder.messages) == 2


def test_a_closed_board_sends_nothing(batched, recorder):
    batched.batch_size = 5
    batched.close()
    recorder.clear()
    batched.batch_size = 6
    assert recorder.messages == []


@pytest.mark.parametrize("content", [{}, {"ready": None}, {"ready": 1}, {"ready": "yes"}])
def test_words_that_are_no_answer_change_nothing(board, recorder, content):
    browser_sends(batcher(board), **content)
    board.batch_size = 5
    assert {m.kind for m in recorder.messages} == {"update"}
