"""Two writers of one file lose nothing that either has said, and nothing comes back that one has deleted."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from llm_roofline import RooflineError
from llm_roofline.findings import Finding, Findings
from tests.checkout import REPOSITORY

OLD = Finding.of(
    json.loads(Path(__file__).with_name("findings_v1.json").read_text(encoding="utf-8"))["findings"][1],
)
writers, places = st.sampled_from([0, 1]), st.integers(0, 9)


class TwoWriters(RuleBasedStateMachine):
    """Each has a list of its own, and saves it now and then. Beside them runs what each has said and taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "findings.json"
        self.lists = [Findings(), Findings()]
        self.said: set[str] = set()
        self.unsaid: set[str] = set()
        self.count = 0

    def teardown(self):
        self.folder.cleanup()

    def text(self):
        self.count += 1
        self.said.add(f"text {self.count}")
        return f"text {self.count}"

    @rule(writer=writers)
    def add(self, writer):
        text = self.text()
        new = replace(OLD, id=f"n{self.count}", text=text, history=())
        self.lists[writer].adopt((*self.lists[writer], new))

    @precondition(lambda self: any(self.lists))
    @rule(writer=writers, at=places)
    def edit(self, writer, at):
        if found := self.lists[writer].items:
            before = found[at % len(found)]
            self.lists[writer].edit(before.id, self.text())
            self.unsaid.add(before.text)

    @precondition(lambda self: any(self.lists))
    @rule(writer=writers, at=places)
    def delete(self, writer, at):
        if found := self.lists[writer].items:
            self.lists[writer].delete(found[at % len(found)])
            self.unsaid.add(found[at % len(found)].text)

    @rule(writer=writers)
    def undo(self, writer):
        before = {finding.text for finding in self.lists[writer]}
        self.lists[writer].undo()
        after = {finding.text for finding in self.lists[writer]}
        self.unsaid |= before - after

    @rule(writer=writers)
    def save(self, writer):
        self.lists[writer].save(self.path)
        assert Findings.load(self.path) == self.lists[writer]

    @rule(writer=writers)
    def begin_again(self, writer):
        self.unsaid |= {finding.text for finding in self.lists[writer]}  # what has not been saved is gone
        self.lists[writer] = Findings.load(self.path) if self.path.exists() else Findings()

    @invariant()
    def nothing_is_lost_that_nobody_took_back(self):
        there = Findings.load(self.path) if self.path.exists() else []
        kept = {finding.text for finding in (*self.lists[0], *self.lists[1], *there)}
        assert self.said - self.unsaid <= kept

    @invariant()
    def no_file_is_left_beside(self):
        assert {path.name for path in self.path.parent.iterdir()} <= {"findings.json"}


TestTwoWriters = pytest.mark.slow(TwoWriters.TestCase)
TestTwoWriters.settings = settings(max_examples=100, stateful_step_count=30)


@pytest.fixture
def path(tmp_path):
    Findings([replace(OLD, id=name, text=name) for name in "abc"]).save(tmp_path / "findings.json")
    return tmp_path / "findings.json"


def saved(path):
    return [finding.text for finding in Findings.load(path)]


def test_what_one_has_deleted_does_not_come_back_by_the_other(path):
    one, other = Findings.load(path), Findings.load(path)
    one.delete("a")
    one.save(path)
    other.save(path)
    assert saved(path) == ["b", "c"] == [finding.text for finding in other]


def test_what_one_has_deleted_and_the_other_edited_stays(path):
    one, other = Findings.load(path), Findings.load(path)
    one.delete("a")
    one.save(path)
    other.edit("a", "A")
    other.save(path)
    one.save(path)
    assert sorted(saved(path)) == ["A", "b", "c"]
    assert sorted(finding.text for finding in one) == ["A", "b", "c"]


def test_a_change_that_was_undone_is_undone_in_the_file_too(path):
    one = Findings.load(path)
    one.edit("a", "A")
    one.save(path)
    one.undo()
    one.save(path)
    assert saved(path) == ["a", "b", "c"]


def test_a_list_that_was_taken_over_by_another_knows_the_file(path):
    board = Findings()
    board.replace(Findings.load(path))
    board.delete("b")
    board.save(path)
    assert saved(path) == ["a", "c"]


def test_what_could_not_be_read_of_either_is_kept(path):
    one = Findings.load(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({"findings": [*data["findings"], {"id": "?"}]}), encoding="utf-8")
    one.save(path)
    one.save(path)
    assert [unread.data for unread in Findings.load(path).unread] == [{"id": "?"}]


@pytest.mark.parametrize("text", ['{"name": "package"}', "not JSON", "[1]"])
def test_a_file_of_something_else_stays_as_it_is(tmp_path, text):
    path = tmp_path / "package.json"
    path.write_text(text)
    with pytest.raises(RooflineError, match=r"package\.json stays as it is, give another name: .*list of findings"):
        Findings([OLD]).save(path)
    assert path.read_text() == text


PROGRAM = """
import sys
from dataclasses import replace
from llm_roofline.findings import Findings
old, path, name, count = sys.argv[1:]
one, listed = Findings.load(old)[1], Findings()
for n in range(int(count)):
    listed.adopt((*listed, replace(one, id=f"{name}{n}", text=f"{name}{n}")))
    listed.save(path)
"""


@pytest.mark.slow
def test_two_programs_that_add_at_once_lose_nothing(tmp_path):
    old, path = Path(__file__).with_name("findings_v1.json"), tmp_path / "findings.json"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(old), str(path), name, "60"],
            env={"PYTHONPATH": str(REPOSITORY / "core")},
        )
        for name in "ab"
    ]
    assert [program.wait() for program in running] == [0, 0]
    assert sorted(saved(path)) == sorted(f"{name}{n}" for name in "ab" for n in range(60))
    assert [file.name for file in tmp_path.iterdir()] == ["findings.json"]
