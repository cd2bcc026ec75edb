"""Whatever fails between list and notebook, the bridge answers and the next finding is kept."""

from __future__ import annotations

import json

import comm
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from ipywidgets import Widget

from llm_roofline import Scenario, hardware, models
from llm_roofline.findings import FindingIndex, Findings
from llm_viewer_widgets.findings import notebook_cells
from llm_viewer_widgets.findings.notebook_cells import NotebookCells
from tests.widgets.findings.played import Notebook, agree
from tests.widgets.recording import Recorder, browser_sends

S = Scenario(models["meta-llama/Llama-3.1-8B"], hardware["h100-sxm"])
FAULTS = [
    lambda: RuntimeError("no ink"),
    lambda: UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    OverflowError,
]
slow = [pytest.param(fault, marks=pytest.mark.slow) for fault in FAULTS[1:]]
faults = pytest.mark.parametrize("fault", [FAULTS[0], *slow], ids=["any", "surrogate", "overflow"])


@pytest.fixture
def notebook(board, recorder):
    made = Notebook(board.notebook_cells.bridge, recorder)
    made.tell(ready=True)
    return made


@pytest.fixture
def once(monkeypatch):
    """Let a function fail once, whenever it is called next."""

    def fail(owner, name, fault):
        real, left = getattr(owner, name), [fault]

        def failing(*args, **keys):
            if left:
                make = left.pop()
                raise make()
            return real(*args, **keys)

        monkeypatch.setattr(owner, name, failing)

    return fail


@faults
@pytest.mark.parametrize("name", ["section", "to_metadata"])
def test_a_finding_that_cannot_be_written_is_said_and_the_next_is_kept(board, notebook, once, name, fault):
    once(notebook_cells, name, fault)
    board.findings.add("bad")
    board.findings.add("good")
    notebook.run()
    assert [cell[2].count("good") for cell in notebook.cells] == [1]
    assert sorted(finding.text for finding in board.findings) == ["bad", "good"]
    assert json.loads(board.findings_panel.counts)["unwritten"] == 1
    bad = next(finding for finding in board.findings if finding.text == "bad")
    board.findings.edit(bad, "better")
    assert sorted(agree(board, notebook)) == ["better", "good"]
    assert json.loads(board.findings_panel.counts)["unwritten"] == 0


@faults
def test_a_message_that_cannot_be_sent_goes_with_the_next(board, notebook, once, fault):
    once(notebook.bridge, "send", fault)
    board.findings.add("first")
    board.findings.add("second")
    assert agree(board, notebook) == ["first", "second"]


@faults
@pytest.mark.parametrize("name", ["of_cell", "number_in", "merged"])
def test_a_cell_that_cannot_be_taken_over_loses_nothing(board, notebook, once, name, fault):
    board.findings.add("a")
    board.findings.add("b")
    agree(board, notebook)
    once(notebook_cells, name, fault)
    notebook.cells[0][2] = notebook.cells[0][2].replace("\n\na\n\n", "\n\ntyped\n\n")
    notebook.tell()
    notebook.run()
    assert len(notebook.cells) == 2
    board.findings.add("c")
    notebook.run()
    notebook.tell()
    assert {finding.text for finding in board.findings} >= {"b", "c"}
    assert {"typed", "a"} & {finding.text for finding in board.findings}
    assert len(notebook.cells) == 3


@faults
@pytest.mark.parametrize("view", ["roofline", "findings_panel"])
def test_a_view_that_fails_leaves_the_bridge_listening(board, notebook, once, view, fault):
    board.tab = "findings"
    board.findings.add("a")
    agree(board, notebook)
    once(getattr(board, view), "draw", fault)
    typed = notebook.cells[0][2].replace("\n\na\n\n", "\n\ntyped\n\n")
    notebook.cells[0][2] = typed
    notebook.tell()
    board.findings.add("b")
    assert agree(board, notebook) == ["typed", "b"]


def test_what_the_front_end_cannot_write_is_said_and_not_taken_for_deleted(board, notebook):
    board.findings.add("a")
    agree(board, notebook)
    bad = board.findings.add("bad")
    notebook.broken = {bad.id}
    notebook.run()
    board.findings.add("good")
    notebook.run()
    assert sorted(finding.text for finding in board.findings) == ["a", "bad", "good"]
    assert len(notebook.cells) == 2
    assert json.loads(board.findings_panel.counts)["unwritten"] == 1
    notebook.broken = set()
    board.findings.edit(bad, "better")
    assert sorted(agree(board, notebook)) == ["a", "better", "good"]


def test_an_answer_that_was_lost_is_made_up_for_by_the_next(board, notebook):
    board.findings.add("a")
    notebook.hear()
    notebook.asked.clear()
    board.findings.add("b")
    notebook.run()
    assert {finding.text for finding in board.findings} >= {"b"}


@pytest.mark.parametrize(
    "content",
    [
        {"do": "page", "page": float("inf")},
        {"do": "region", "region": [0, 10**399, 0, 1]},
        {"do": "move", "id": "x", "by": float("nan")},
        {"do": "add", "text": "\ud800", "pin": "\ud800", "quantities": ["\ud800"], "condition": "\ud800"},
        {"do": "edit", "id": "\ud800", "text": "x"},
    ],
)
def test_the_panel_answers_whatever_it_is_asked(board, recorder, content):
    browser_sends(board.findings_panel, **content)
    custom = [message.state for message in recorder.messages if message.kind == "custom"]
    assert {"refused": content["do"]} in custom
    board.findings_panel.refusal.encode()
    assert board.findings_panel.refusal


class Bridge(RuleBasedStateMachine):
    """A list, its cells, a person at both, and faults at every step between."""

    def __init__(self) -> None:
        super().__init__()
        self.recorder, self.made = Recorder(), comm.create_comm
        comm.create_comm = self.recorder.create_comm
        self.findings = Findings()
        self.cells = NotebookCells(self.findings, lambda: None)
        self.findings.on_change = self.draw
        self.notebook = Notebook(self.cells.bridge, self.recorder)
        self.notebook.tell(ready=True)
        self.said: set[str] = set()
        self.real = notebook_cells.section
        self.count = 0

    def teardown(self):
        notebook_cells.section = self.real
        comm.create_comm = self.made
        Widget.close_all()

    def draw(self):
        state = type("State", (), {"noted": FindingIndex(self.findings.items)})
        self.cells.draw(state)

    def text(self):
        self.count += 1
        return f"text {self.count}."

    @rule()
    def add(self):
        self.said.add(self.findings.add(self.text(), scenario=S).id)

    @precondition(lambda self: self.findings)
    @rule(at=st.integers(0, 9))
    def edit(self, at):
        self.findings.edit(at % len(self.findings) + 1, self.text())

    @precondition(lambda self: self.findings)
    @rule(at=st.integers(0, 9), to=st.integers(0, 9))
    def move(self, at, to):
        self.findings.move(at % len(self.findings) + 1, to)

    @precondition(lambda self: self.findings)
    @rule(at=st.integers(0, 9))
    def delete(self, at):
        gone = self.findings[at % len(self.findings)]
        self.said.discard(gone.id)
        self.findings.delete(gone)

    @precondition(lambda self: self.notebook.cells and not self.notebook.asked)
    @rule(at=st.integers(0, 9))
    def type_into_a_cell(self, at):
        self.settle()
        if self.notebook.cells:
            cell = self.notebook.cells[at % len(self.notebook.cells)]
            cell[2] = cell[2].replace("text ", "typed ", 1)
            self.notebook.tell()

    @precondition(lambda self: self.notebook.cells and not self.notebook.asked)
    @rule(at=st.integers(0, 9))
    def delete_a_cell(self, at):
        self.settle()
        if self.notebook.cells:
            gone = self.notebook.cells.pop(at % len(self.notebook.cells))
            self.said.discard(gone[1])
            self.notebook.tell()

    @rule()
    def listen(self):
        self.notebook.hear()

    @precondition(lambda self: self.notebook.asked)
    @rule()
    def carry_out(self):
        self.notebook.carry_out()

    @rule()
    def tell(self):
        self.notebook.tell()

    @rule(fault=st.sampled_from(FAULTS))
    def fail_to_send(self, fault):
        def fail(*_, **__):
            del self.cells.bridge.send
            raise fault()

        self.cells.bridge.send = fail

    @rule(fault=st.sampled_from(FAULTS))
    def fail_to_write(self, fault):
        def fail(*_):
            notebook_cells.section = self.real
            raise fault()

        notebook_cells.section = fail

    @rule()
    def add_what_the_front_end_cannot_write(self):
        self.add()
        self.notebook.broken = {self.findings[-1].id}

    @precondition(lambda self: self.findings)
    @rule(at=st.integers(0, 9))
    def break_in_the_front_end(self, at):
        self.notebook.broken = {self.findings[at % len(self.findings)].id}

    def settle(self):
        """Mend everything, and let both come to rest."""
        self.notebook.broken = set()
        notebook_cells.section = self.real
        vars(self.cells.bridge).pop("send", None)
        self.notebook.run()
        for finding in self.findings.items:
            if finding.id not in {cell[1] for cell in self.notebook.cells}:
                self.findings.edit(finding, self.text())
        self.draw()
        self.notebook.run()

    @rule()
    def come_to_rest(self):
        self.settle()
        there = {cell[1] for cell in self.notebook.cells}
        assert there == {finding.id for finding in self.findings}

    @invariant()
    def nothing_is_lost_that_nobody_deleted(self):
        assert self.said <= {finding.id for finding in self.findings}


TestBridge = pytest.mark.slow(Bridge.TestCase)
TestBridge.settings = settings(max_examples=100, stateful_step_count=30)
