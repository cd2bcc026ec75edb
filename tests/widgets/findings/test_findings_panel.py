"""The panel of findings: what it offers, what it is told, and what a stranger's text becomes in it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from llm_roofline.findings import Findings, Pin
from llm_viewer_widgets.findings.findings_panel import PAGE
from llm_viewer_widgets.findings.rows import LONGEST
from tests.in_time import in_time
from tests.widgets.recording import browser_sends, browser_sets, click


@pytest.fixture
def panel(board):
    board.tab = "findings"
    return board.findings_panel


def rows(panel):
    return json.loads(panel.rows)


def offers(panel):
    return {offer["label"]: offer for offer in json.loads(panel.form)}


def write(panel, text, label="the whole state", condition="", quantities=("tpot",)):
    browser_sends(panel, do="add", text=text, pin=label, condition=condition, quantities=list(quantities))


def test_it_offers_what_is_shown_and_the_selected_operator_first(board, panel):
    assert list(offers(panel)) == ["the whole state", "decode", "the ridge point of decode", "a region of decode"]
    board.update(phase="generate", selected="attention")
    assert list(offers(panel))[:4] == ["attention in decode", "attention in prefill", "the whole state", "decode"]
    measures = {name: (value, usual) for name, _, value, usual in offers(panel)["attention in decode"]["measures"]}
    row = board.estimate.decode.operators["attention"]
    assert measures["bound"] == (row.bound, True)
    assert measures["tpot"][1] is False


def test_a_panel_that_nobody_sees_works_nothing_out(board, recorder):
    board.update(batch_size=9)
    assert board.findings_panel.form == "[]"
    assert not recorder.updates(board.findings_panel)


def test_a_finding_is_written_about_the_state_with_its_claims(board, panel):
    board.selected = "attention"
    browser_sets(panel, author="Ada")
    write(panel, "It waits.", "attention in decode", "bound == memory", ["share"])
    (finding,) = board.findings
    assert [finding.text, finding.author, finding.pin] == ["It waits.", "Ada", Pin("operator", "decode", "attention")]
    assert [claim.quantity for claim in finding.claims] == ["share", "bound"]
    (row,) = rows(panel)
    assert [row["status"], row["here"], row["number"], row["by"][:4]] == ["holds", True, 1, "Ada,"]
    board.batch_size = 64
    assert [rows(panel)[0]["here"], rows(panel)[0]["status"]] == [False, "holds"]


def test_what_is_refused_is_told_in_the_panel(board, panel):
    write(panel, "Too hopeful.", condition="tpot < 1 us")
    assert panel.refusal.startswith("tpot < 1 us is not so here: tpot is")
    assert len(board.findings) == 0
    write(panel, "Better.", condition="tpot < 1 s")
    assert panel.refusal == ""


def test_a_place_that_is_not_offered_any_more_is_refused_in_words(board, panel):
    board.selected = "attention"
    board.selected = None
    write(panel, "It waits.", label="attention in decode")
    assert panel.refusal == "The state has changed since; look again what it is pinned to."
    assert len(board.findings) == 0


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"do": 3},
        {"do": "nothing"},
        {"do": "_work"},
        {"do": "add"},
        {"do": "add", "text": "x", "pin": 99, "quantities": [], "condition": ""},
        {"do": "add", "text": "x", "pin": "the whole state", "quantities": 3, "condition": ""},
        {"do": "add", "text": "x", "pin": "another state", "quantities": [], "condition": ""},
        {"do": "edit", "id": "nobody", "text": "x"},
        {"do": "move", "id": "nobody", "by": 1},
        {"do": "page", "page": "x"},
        {"do": "page", "page": 10**9},
        {"do": "region", "region": [1, 2]},
        {"do": "region", "region": 3},
        {"do": "restore", "id": None},
    ],
)
def test_a_message_of_nonsense_changes_nothing(board, panel, content):
    before = board.state.scenario
    browser_sends(panel, **content)
    assert len(board.findings) == 0
    assert board.state.scenario is before


def test_every_button_does_its_work(board, panel):
    write(panel, "one")
    write(panel, "two")
    first, second = (finding.id for finding in board.findings)
    browser_sends(panel, do="edit", id=first, text="uno")
    browser_sends(panel, do="answer", id=first, text="why?")
    browser_sends(panel, do="resolve", id=second, resolved=True)
    browser_sends(panel, do="move", id=second, by=-1)
    assert [(f.text, f.resolved, len(f.answers)) for f in board.findings] == [("two", True, 0), ("uno", False, 1)]
    assert [row["text"] for row in rows(panel)] == ["two", "uno"]
    browser_sends(panel, do="delete", id=first)
    assert len(board.findings) == 1
    browser_sends(panel, do="undo")
    assert len(board.findings) == 2
    board.update(batch_size=77, phase="prefill")
    browser_sends(panel, do="restore", id=first)
    assert [board.batch_size, board.phase] == [1, "decode"]


def test_a_state_that_is_gone_is_told_and_nothing_changes(board, panel):
    write(panel, "x")
    (finding,) = board.findings
    board.findings = [replace(finding, scenario={**finding.scenario, "hardware": "h100-sxn"})]
    browser_sends(panel, do="restore", id=finding.id)
    assert "Unknown hardware 'h100-sxn'" in board.status
    assert rows(panel)[0]["status"] == "no longer applies"
    assert "Unknown hardware" in rows(panel)[0]["reason"]


def test_a_region_is_pinned_to(board, panel):
    browser_sends(panel, do="region", region=[1, 10, 1e12, 1e13])
    write(panel, "crowded", "a region of decode", quantities=["operators"])
    assert board.findings[0].pin.region == (1.0, 10.0, 1e12, 1e13)


def test_badges_are_where_findings_are_and_a_click_opens_one(board):
    board.findings.add("a", operator="attention")
    board.findings.add("b", operator="attention")
    board.findings.add("c", pin=Pin("phase", "decode"))
    roofline, latency = board.roofline, board.latency
    assert list(roofline._badges._numbers.text) == ["1+"]
    assert list(latency._badges._numbers.text) == ["3"]
    board.update(batch_size=64)
    assert roofline._badges._discs.colors == ["#FFFFFF"]
    board.tab = "operators"
    click(roofline._badges._discs, index=0)
    assert [board.batch_size, board.selected, board.tab] == [1, "attention", "findings"]
    assert roofline._badges._discs.colors == ["#FFD33D"]
    board.phase = "prefill"
    assert len(roofline._badges._discs.x) == 0
    board.update(model="gpt2", prompt_tokens=64)
    assert len(latency._badges._discs.x) == 0


def test_the_trait_links_observes_and_refuses(board):
    heard = []
    board.observe(heard.append, "findings")
    board.findings.add("x")
    assert [change["new"] for change in heard] == [board.findings]
    board.findings = ()
    assert len(board.findings) == 0
    with pytest.raises(ValueError, match="a list of findings holds findings"):
        board.findings = "x"


def test_what_could_not_be_read_is_kept_by_the_board(board):
    loaded = Findings.from_json({"findings": [{"id": "x", "version": 9}]})
    board.findings = loaded
    assert board.findings.to_json()["findings"] == [{"id": "x", "version": 9}]
    other = type(board)(findings=loaded)
    assert len(other.findings.unread) == 1
    assert board.findings._repr_markdown_() == "No findings."


def test_a_board_opens_with_the_findings_of_a_notebook(board, tmp_path):
    board.update(batch_size=16, selected="attention")
    board.findings.add("x")
    path = tmp_path / "report.ipynb"
    board.findings.report(path)
    opened = type(board).from_notebook(path)
    assert [opened.batch_size, opened.selected, len(opened.findings)] == [16, "attention", 1]
    assert type(board).from_notebook(path, batch_size=2).batch_size == 2


def test_texts_reach_the_browser_as_texts_and_long_ones_are_cut(board, panel):
    board.findings.add("<script>alert(1)</script>" + "x" * LONGEST)
    (row,) = rows(panel)
    assert row["text"].startswith("<script>")
    assert row["text"].endswith("(25 more characters)")
    assert row["whole"] is False


def test_ten_thousand_findings_are_a_page_each_time(board, panel, recorder):
    board.findings.add("x")
    (one,) = board.findings
    many = [replace(one, id=f"n{n}", text=f"note {n}") for n in range(10_000)]
    board.findings = Findings(many)
    assert len(rows(panel)) == PAGE
    browser_sends(panel, do="page", page=400)
    assert rows(panel)[0]["text"] == "note 8000"

    def change():
        recorder.clear()
        board.batch_size += 1
        assert recorder.bytes < 60_000

    def edit_delete_and_undo():
        board.findings.edit(10_000, f"the last at {board.batch_size}")
        browser_sends(panel, do="delete", id="n5")
        assert len(board.findings) == 9_999
        board.findings.undo()

    in_time(1.0, change)
    in_time(3.0, edit_delete_and_undo)
    assert len(board.findings) == 10_000
