"""The drawer: one tab is open or none, what nobody sees is not drawn, and a tab tells how much it holds."""

import json

import pytest

from llm_roofline import RooflineError
from llm_viewer_widgets import LLMViewer, Session
from tests.widgets.recording import browser_asks, browser_sends


def pages(board):
    """Each view of the drawer by the name of its tab."""
    return board.drawer._pages


def seen(board):
    return [name for name, view in pages(board).items() if view.layout.display != "none"]


def bar(board):
    return board.drawer._tab_bar


def test_the_first_tab_is_open_and_another_takes_its_place(board):
    assert [board.tab, seen(board)] == ["operators", ["operators"]]
    browser_asks(bar(board), open="explain")
    assert [board.tab, seen(board), bar(board).chosen] == ["explain", ["explain"], "explain"]
    browser_asks(bar(board), open="")
    assert [board.tab, seen(board), board.drawer._place.layout.display] == ["", [], "none"]
    assert LLMViewer(tab="findings").tab == "findings"


@pytest.mark.parametrize("tab", ["operators", "explain", "findings", ""])
def test_a_view_that_nobody_sees_is_not_drawn(board, recorder, tab):
    board.tab = tab
    recorder.clear()
    board.update(batch_size=9, selected="q_proj")
    assert [name for name, view in pages(board).items() if recorder.updates(view)] in ([tab], [])
    before = {name: view.get_state() for name, view in pages(board).items()}
    board.tab = "explain"
    assert "q_proj" in pages(board)["explain"].value
    board.tab = "operators"
    assert pages(board)["operators"].chosen == "q_proj"
    assert before.keys() == pages(board).keys()


def test_a_tab_that_is_not_there_is_refused_with_those_that_are(board):
    for wanted in ("operator", 3, None, ["operators"]):
        with pytest.raises(RooflineError, match=rf"Unknown tab .*Accepted are {', '.join(pages(board))}, '' for none"):
            board.tab = wanted
    browser_sends(bar(board), open="<b>")
    assert "Unknown tab '<b>'" in board.status
    assert board.tab == "operators"
    assert Session().tab == ""


def test_a_tab_tells_how_many_findings_there_are(board):
    labels = dict(json.loads(bar(board).labels))
    assert labels["findings"] == "findings"
    board.findings.add("x")
    assert dict(json.loads(bar(board).labels)) == labels | {"findings": "findings · 1"}
