"""The board that is lent: whatever a test did with it, the next one has it as it was made."""

import pytest
from ipywidgets import IntSlider

from llm_viewer_widgets import LLMViewer
from llm_viewer_widgets.kernel.lifecycle import tree
from tests.widgets.lent import Lent, open_widgets
from tests.widgets.recording import browser_sends, browser_sets


def looks(board):
    """What a browser that begins is told of every widget, in the order of the tree."""
    return [widget.get_state() for widget in tree(board)]


def test_it_is_put_back_whatever_was_done(lent, board, recorder):
    before, scenario = looks(board), board.scenario
    board.observe(lambda _: pytest.fail("told of a change of the next test"))
    board.unobserve_all()
    board.update(model="mixtral-8x7b-v0.1", phase="generate", selected="lm_head", linear_axes=True, batch_size=9)
    browser_sets(board.findings_panel, unfolded=True)
    browser_sends(board.message_batcher, ready=True)
    browser_sends(board.notebook_cells.bridge, ready=True)
    board.findings.add("said")
    board.request(batch_size=0)
    board.headline.close = None
    board.observe(lambda _: pytest.fail("told of a change of the next test"))
    assert looks(board) != before
    recorder.clear()
    assert lent.board() is board
    assert recorder.messages == []
    assert looks(board) == before
    assert (board.scenario, len(board.findings), board.status) == (scenario, 0, "")
    assert not board.findings.can_undo
    assert callable(board.headline.close)
    board.batch_size = 5
    assert {message.kind for message in recorder.messages} == {"update"}, "no browser has said that it delivers"


def test_it_looks_like_a_board_that_is_new(board):
    def plain(state):
        return {name: value for name, value in state.items() if "IPY_MODEL" not in repr(value)}

    assert list(map(plain, looks(board))) == list(map(plain, looks(LLMViewer())))


def test_one_that_was_closed_is_made_anew_and_others_are_closed(recorder):  # noqa: ARG001 - comms need a place
    lent = Lent()
    first = lent.board()
    first.close()
    again, other = lent.board(), IntSlider()
    assert again is not first
    assert again.comm is not None
    lent.close_others()
    assert other.comm is None
    assert again.comm is not None
    again.close()
    lent.close_others()
    assert open_widgets() == set()
