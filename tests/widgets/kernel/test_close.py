"""The end of a board: nothing that it made is left, and a cell that runs again leaves no older board."""

import gc
import weakref

import pytest
from anywidget import AnyWidget
from ipywidgets import IntSlider
from traitlets import link

from llm_viewer_widgets import LLMViewer
from llm_viewer_widgets.kernel import lifecycle
from tests.widgets.lent import open_widgets


def test_close_leaves_no_widget_and_twice_is_as_good_as_once():
    before = open_widgets()
    v = LLMViewer()
    assert len(open_widgets()) > len(before) + 50
    for _ in range(2):
        v.close()
        assert open_widgets() == before


def test_close_tells_the_browser_of_every_model(recorder):
    v = LLMViewer()
    opened = {message.comm for message in recorder.messages if message.kind == "open"}
    v.close()
    assert {message.comm for message in recorder.messages if message.kind == "close"} == opened


def test_close_waits_for_a_page_that_still_loads_the_modules(recorder):
    v = LLMViewer()
    batcher = v.message_batcher.model_id
    loaded = {widget.model_id for widget in lifecycle.tree(v) if isinstance(widget, AnyWidget)} - {batcher}
    recorder.clear()
    v.close()
    told = [message.kind for message in recorder.messages if message.comm in loaded]
    assert told == ["update", "close"] * len(loaded)
    assert {str(message.state) for message in recorder.updates() if message.comm in loaded} == {"{}"}


def test_close_lets_a_page_draw_the_board_first(recorder):
    v = LLMViewer()
    batcher, inside = v.message_batcher.model_id, {widget.model_id for widget in lifecycle.tree(v) if widget is not v}
    recorder.clear()
    v.close()
    first, held, *rest = recorder.messages
    assert [first.comm, set(first.state["leaving"]), held.comm, held.state] == [batcher, inside, batcher, {}]
    assert "close" in {message.kind for message in rest}


def test_close_after_changes_leaves_no_widget():
    before, v = open_widgets(), LLMViewer()
    v.update(phase="generate", selected="q_proj", linear_axes=True, hardware="a100-sxm-80gb")
    v.request(batch_size=0)
    v.close()
    assert open_widgets() == before


def test_close_of_one_board_leaves_the_other_alive(board, recorder):
    LLMViewer().close()
    recorder.clear()
    board.batch_size = 9
    assert recorder.messages


def test_after_close_the_numbers_can_still_be_read_and_nobody_is_told(recorder):
    before, v = open_widgets(), LLMViewer(batch_size=3)
    v.observe(lambda _: pytest.fail("told after close"))
    v.close()
    recorder.clear()
    assert v.batch_size == v.estimate.scenario.workload.batch_size == 3
    assert "memory" in repr(v)
    v.batch_size = 4
    assert v.batch_size == 4
    assert recorder.messages == []
    assert open_widgets() == before


@pytest.mark.slow
def test_a_closed_board_is_given_back_its_memory():
    v = LLMViewer()
    gone = weakref.ref(v)
    marks = [weakref.ref(mark) for mark in v.roofline.marks]
    v.close()
    del v
    gc.collect()
    assert gone() is None
    assert [mark() for mark in marks if mark() is not None] == []


def test_a_closed_board_lets_go_of_what_was_linked_to_it():
    slider, v = IntSlider(min=1, max=9), LLMViewer()
    bond = link((slider, "value"), (v, "batch_size"))
    v.close()
    bond.unlink()
    slider.value = 5
    assert v.batch_size == 1


@pytest.fixture
def cell(monkeypatch):
    """Says which cell runs, in place of IPython."""
    monkeypatch.setattr(lifecycle, "_boards", {})

    def run(name, execution):
        monkeypatch.setattr(lifecycle, "running_cell", lambda: (name, execution))

    return run


def shown():
    """A widget that takes its place below the running cell, as a board does at the end of its construction."""
    lifecycle.replace_boards_of_this_cell(made := IntSlider())
    return made


def test_a_cell_that_runs_again_replaces_its_boards(cell):
    cell("a", "1")
    LLMViewer()
    count = len(open_widgets())
    cell("a", "2")
    LLMViewer()
    assert len(open_widgets()) == count


def test_boards_of_one_execution_live_side_by_side(cell):
    cell("a", "1")
    boards = [shown(), shown()]
    for execution in "23":
        assert None not in [board.comm for board in boards]
        cell("a", execution)
        new = shown()
        assert {board.comm for board in boards} == {None}
        boards = [new]


def test_findings_live_on_in_the_board_that_takes_the_place(cell):
    cell("a", "1")
    LLMViewer().findings.add("kept")
    cell("a", "2")
    again = LLMViewer()
    assert [finding.text for finding in again.findings] == ["kept"]
    assert not again.findings.can_undo
    other = again.findings.add("other")
    cell("a", "3")
    given = LLMViewer(findings=[other])
    assert [finding.text for finding in given.findings] == ["other"]


def test_a_cell_leaves_the_boards_of_other_cells_alone(cell):
    cell("a", "1")
    first = shown()
    cell("b", "2")
    shown()
    assert first.comm is not None


def test_a_cell_that_fails_keeps_the_board_it_had(cell):
    cell("a", "1")
    first = shown()
    cell("a", "2")
    with pytest.raises(ValueError, match="Unknown model"):
        LLMViewer("nobody")
    assert first.comm is not None


def test_outside_a_notebook_boards_are_nobodys(cell):
    cell(None, "")
    first = shown()
    shown()
    assert first.comm is not None
    assert lifecycle._boards == {}


def test_a_user_who_closes_a_board_may_run_the_cell_again(cell):
    cell("a", "1")
    LLMViewer().close()
    cell("a", "2")
    assert shown().comm is not None
