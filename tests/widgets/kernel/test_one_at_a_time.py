"""Cells and messages come in different threads of a kernel; a board sees one after the other."""

import sys
from threading import Thread

import pytest

from llm_viewer_widgets import LLMViewer, Session
from tests.widgets.recording import browser_asks

TIMES = 40


@pytest.fixture(autouse=True)
def often():
    """Threads take turns after every few instructions."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def together(*acts):
    """Let each of several functions run, often, in a thread of its own."""
    failed = []

    def repeat(act):
        try:
            for number in range(TIMES):
                act(number)
        except BaseException as error:  # noqa: BLE001 - told by the test
            failed.append(error)

    threads = [Thread(target=repeat, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_no_change_of_one_thread_takes_back_that_of_another():
    session = Session()
    together(
        lambda number: session.update(batch_size=number + 1),
        lambda number: session.request(prompt_tokens=100 + number),
        lambda number: session.request(techniques=["flash-attention", "depth-pruning"][: 1 + number % 2]),
    )
    assert [session.batch_size, session.prompt_tokens] == [TIMES, 99 + TIMES]
    assert {technique.name for technique in session.techniques} == {"flash-attention", "depth-pruning"}
    assert session.estimate.scenario == session.scenario


def test_a_board_is_drawn_by_one_thread_at_a_time(monkeypatch, recorder):
    inside, most = [], []
    draw = LLMViewer.draw

    def watched(board):
        inside.append(1)
        most.append(len(inside))
        draw(board)
        inside.pop()

    board = LLMViewer()
    monkeypatch.setattr(LLMViewer, "draw", watched)
    slider = board.controls.by_name["batch_size"]
    together(
        lambda number: board.update(output_tokens=number + 1), lambda number: browser_asks(slider, value=number + 2)
    )
    assert set(most) == {1}
    assert [board.output_tokens, board.batch_size] == [TIMES, TIMES + 1]
    assert slider.value == board.batch_size
    assert recorder.messages
