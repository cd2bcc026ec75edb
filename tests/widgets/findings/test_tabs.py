"""Two tabs on one notebook and its kernel, each with cells of its own: both have what was done in either."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from llm_roofline.findings import Findings
from tests.widgets.findings.played import Notebook

ACTIONS = ("add", "resolve", "forget", "type", "delete", "move", "paste")


class Tabs:
    """The notebook of a board in two tabs."""

    def __init__(self, board, recorder) -> None:
        self.board, self.cut = board, []
        self.tabs = [Notebook(board.notebook_cells.bridge, recorder, page) for page in ("one", "two")]
        for tab, other in (self.tabs, self.tabs[::-1]):
            tab.others = [other]
        for tab in self.tabs:
            tab.tell(ready=True)

    def settle(self):
        """Both tabs carry out what they are asked, in turn, until there is nothing more."""
        self.tabs[0].hear()
        while any(tab.asked for tab in self.tabs):
            for tab in self.tabs:
                if tab.asked:
                    tab.carry_out()

    def act(self, action, tab, place):
        """What a person does in a tab, or a program in the kernel."""
        findings, cells = self.board.findings, self.tabs[tab].cells
        if action == "add":
            findings.add(f"added {len(findings)}")
        elif action == "paste" and self.cut:
            cells.insert(place % (len(cells) + 1), self.cut.pop())
        elif not cells:
            return
        elif action == "resolve":
            findings.resolve(place % len(cells) + 1)
        elif action == "forget":
            findings.delete(place % len(cells) + 1)
        elif action == "type":
            cell = cells[place % len(cells)]
            cell[2] = cell[2].replace("added", "added typed", 1)
        elif action == "delete":
            self.cut.append(cells.pop(place % len(cells)))
        elif action == "move":
            cells.append(cells.pop(place % len(cells)))
        self.tabs[tab].tell()
        self.settle()

    def said(self):
        """Texts of the cells, which are the same in both tabs and those of the list."""
        one, two = ([cell[1:3] for cell in tab.cells] for tab in self.tabs)
        assert one == two
        texts = [finding.text for finding in self.board.findings]
        assert [finding.text for finding in Findings.from_markdown("\n\n".join(cell[1] for cell in one))] == texts
        return texts


@pytest.fixture
def tabs(board, recorder):
    return Tabs(board, recorder)


def test_what_is_typed_or_deleted_in_one_tab_is_so_in_the_other(tabs):
    for _ in range(3):
        tabs.act("add", 0, 0)
    tabs.act("type", 0, 0)
    tabs.act("type", 1, 2)
    assert tabs.said() == ["added typed 0", "added 1", "added typed 2"]
    tabs.act("delete", 1, 1)
    assert tabs.said() == ["added typed 0", "added typed 2"]
    tabs.act("paste", 1, 1)
    assert tabs.said() == ["added typed 0", "added 1", "added typed 2"]
    tabs.act("move", 0, 0)
    assert tabs.said() == ["added 1", "added typed 2", "added typed 0"]


def test_a_tab_that_has_not_followed_yet_takes_nothing_back(tabs):
    tabs.act("add", 0, 0)
    tabs.tabs[0].cells[0][2] = tabs.tabs[0].cells[0][2].replace("added", "typed")
    tabs.tabs[0].tell()
    while tabs.tabs[0].asked:
        tabs.tabs[0].carry_out()
    tabs.tabs[1].tell()  # of what it had before
    tabs.settle()
    assert tabs.said() == ["typed 0"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 1), st.integers(0, 5)), max_size=12))
def test_whatever_is_done_in_either_tab_both_have_the_cells_of_the_list(board, recorder, actions):
    for finding in list(board.findings):
        board.findings.delete(finding.id)
    recorder.clear()
    tabs = Tabs(board, recorder)
    for action in actions:
        tabs.act(*action)
        tabs.said()
