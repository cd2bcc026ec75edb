"""What a change sends to the browser: one message a widget, only what changed, as float64, within a budget."""

from collections import Counter

import numpy as np
import pytest

from llm_viewer_widgets import LLMViewer
from llm_viewer_widgets.kernel import transitions
from llm_viewer_widgets.kernel.lifecycle import tree
from tests.widgets.recording import arrays

BUDGET = 12_000  # bytes of one change
SLIDES = [{"batch_size": 7}, {"prompt_tokens": 5000}, {"output_tokens": 900}]
CHANGES = [
    *SLIDES,
    {"phase": "prefill"},
    {"phase": "generate"},
    {"weights": "int4"},
    {"kv_cache": "fp8"},
    {"flash_attention": False},
    {"linear_axes": True},
    {"selected": "q_proj"},
    {"hardware": "a100-sxm-80gb"},
    {"model": "qwen3-8b"},
]
change = pytest.mark.parametrize("changes", CHANGES, ids="-".join)


def charts(board):
    """Every widget of bqplot: marks, scales, axes and the figures themselves."""
    return [widget for widget in tree(board) if type(widget).__module__.startswith(("bqplot", "bqscales"))]


@change
def test_a_change_sends_one_message_a_widget_within_the_budget(board, recorder, changes):
    board.update(**changes)
    assert recorder.messages
    assert {message.kind for message in recorder.messages} == {"update"}
    most, count = Counter(message.comm for message in recorder.messages).most_common(1)[0]
    assert count == 1, [message.state for message in recorder.updates() if message.comm == most]
    assert recorder.bytes <= BUDGET


@change
def test_every_array_that_is_sent_is_float64(board, recorder, changes):
    board.update(phase="generate")
    board.update(**changes)
    sent = [array for message in recorder.messages for array in arrays(message.state)]
    assert sent
    assert {array["dtype"] for array in sent} == {"float64"}


@pytest.mark.parametrize("changes", SLIDES, ids="-".join)
def test_roofs_axes_and_detail_are_not_sent_when_a_slider_moves(board, recorder, changes):
    roofline = board.roofline
    still = [*roofline.axes, *roofline._frame.marks, roofline._frame.texts, roofline._ring]
    still += [*roofline._frame.plane.values(), board.detail, board.status_line]
    board.update(**changes)
    assert [type(widget).__name__ for widget in still if recorder.updates(widget)] == []


@pytest.mark.parametrize("changes", [{"batch_size": 1000}, {"phase": "generate"}, {"linear_axes": True}], ids="-".join)
def test_a_scale_is_sent_after_the_ticks_on_it(board, recorder, changes):
    board.update(**changes)
    order = [message.comm for message in recorder.messages]
    for axis in (*board.roofline.axes, board.latency._x):
        if recorder.updates(axis):
            assert order.index(axis.model_id) < order.index(axis.scale.model_id)


def test_the_detail_is_sent_when_something_is_selected(board, recorder):
    board.tab = "explain"
    recorder.clear()
    board.selected = "q_proj"
    assert len(recorder.updates(board.detail)) == 1


def test_a_selection_does_not_send_the_points_again(board, recorder):
    board.selected = "q_proj"
    assert not any(recorder.updates(mark) for mark in board.roofline._marks.values())


def test_a_value_that_stands_already_sends_nothing(board, recorder):
    board.update(batch_size=1, phase="decode", model="llama-3.1-8b")
    assert recorder.messages == []


def test_several_fields_in_one_update_are_one_evaluation_and_one_drawing(board, monkeypatch):
    calls = Counter()
    evaluate, draw = transitions.evaluate, LLMViewer.draw
    monkeypatch.setattr(transitions, "evaluate", lambda scenario: (calls.update(["evaluate"]), evaluate(scenario))[1])
    monkeypatch.setattr(LLMViewer, "draw", lambda self: (calls.update(["draw"]), draw(self))[1])
    board.update(
        batch_size=8, prompt_tokens=512, output_tokens=64, weights="int4", phase="generate", hardware="a100-sxm-80gb"
    )
    assert calls == {"evaluate": 1, "draw": 1}


@pytest.mark.parametrize("changes", [{"selected": "q_proj"}, {"phase": "prefill"}, {"linear_axes": True}])
def test_a_change_of_the_view_alone_evaluates_nothing(board, monkeypatch, changes):
    monkeypatch.setattr(transitions, "evaluate", lambda _: pytest.fail("evaluated"))
    board.update(**changes)


@change
def test_marks_scales_and_axes_are_the_same_objects_after_a_change(board, changes):
    before = [id(widget) for widget in charts(board)]
    board.update(**changes)
    assert [id(widget) for widget in charts(board)] == before


def test_a_slider_opens_no_model_and_closes_none(board, recorder):
    for batch in range(1, 30):
        board.batch_size = batch
    assert {message.kind for message in recorder.messages} == {"update"}


def test_what_the_marks_hold_is_finite(board):
    for changes in CHANGES:
        board.update(**changes)
        for mark in charts(board):
            for name in ("x", "y", "size"):
                held = getattr(mark, name, None)
                if isinstance(held, np.ndarray) and held.dtype.kind == "f":
                    assert np.isfinite(held).all(), (changes, name)
