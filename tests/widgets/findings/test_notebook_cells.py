"""List and cells follow each other: a notebook is played here, as the bridge's own script plays it in a browser."""

from __future__ import annotations

import json

import pytest

from tests.widgets.findings.played import Notebook, agree
from tests.widgets.recording import browser_sends


@pytest.fixture
def notebook(board, recorder):
    made = Notebook(board.notebook_cells.bridge, recorder)
    made.tell(ready=True)
    return made


def test_nothing_is_written_before_the_notebook_has_told_of_its_cells(board, recorder):
    board.findings.add("early")
    browser_sends(board.notebook_cells.bridge, ready=True)
    assert not [m for m in recorder.messages if m.comm == board.notebook_cells.bridge.model_id]
    notebook = Notebook(board.notebook_cells.bridge, recorder)
    notebook.tell()
    assert agree(board, notebook) == ["early"]


def test_where_there_are_no_cells_the_list_stands_for_itself(board, recorder):
    browser_sends(board.notebook_cells.bridge, ready=False)
    board.findings.add("x")
    assert not [m for m in recorder.messages if m.comm == board.notebook_cells.bridge.model_id]
    assert len(board.findings) == 1
    assert json.loads(board.findings_panel.counts).get("cells") is None


def test_every_change_of_the_list_is_one_of_the_cells(board, notebook):
    for text in "abc":
        board.findings.add(text)
        notebook.run()
    board.findings.edit(2, "B")
    board.findings.move(3, 1)
    board.findings.answer(1, "yes")
    assert agree(board, notebook) == ["c", "a", "B"]
    board.findings.delete(1)
    assert agree(board, notebook) == ["a", "B"]
    board.findings.undo()
    assert agree(board, notebook) == ["c", "a", "B"], "in its own place"


def test_findings_written_faster_than_the_notebook_follows_are_all_kept(board, notebook):
    for text in "abcd":
        board.findings.add(text)
        notebook.tell()  # of what it had before
    assert len(board.findings) == 4
    assert agree(board, notebook) == ["a", "b", "c", "d"]
    board.findings.delete(2)
    notebook.tell()
    board.findings.add("e")
    notebook.tell()
    assert agree(board, notebook) == ["a", "c", "d", "e"]


def test_a_notebook_that_was_not_saved_gets_its_findings_again(board, notebook):
    board.findings.add("saved")
    agree(board, notebook)
    saved = [list(cell) for cell in notebook.cells]
    board.findings.edit(1, "edited")
    board.findings.add("not saved")
    agree(board, notebook)
    board.findings.add("under way when the page was loaded again")
    notebook.hear()
    notebook.cells, notebook.asked = saved, []
    notebook.tell(ready=True)
    assert agree(board, notebook) == ["edited", "not saved", "under way when the page was loaded again"]


def test_a_board_that_begins_again_finds_what_the_notebook_has(board, notebook):
    board.findings.add("kept", operator="attention", condition="bound == memory")
    agree(board, notebook)
    again = type(board)()
    other = Notebook(again.notebook_cells.bridge, notebook.recorder)
    other.cells = notebook.cells
    other.tell(ready=True)
    assert agree(again, other) == ["kept"]
    assert again.findings == board.findings
    assert not again.findings.can_undo


def test_what_a_person_types_is_taken_over_and_left_alone(board, notebook):
    board.findings.add("as written")
    agree(board, notebook)
    typed = notebook.cells[0][2].replace("as written", "as typed")
    notebook.cells[0][2] = typed
    notebook.tell()
    assert [board.findings[0].text, notebook.cells[0][2]] == ["as typed", typed], "nothing is written below the cursor"
    board.findings.resolve(1)
    notebook.run()
    assert agree(board, notebook) == ["as typed"]
    assert board.findings[0].resolved


def test_what_is_typed_while_the_list_changes_wins_and_the_change_is_kept(board, notebook):
    board.findings.add("as written")
    agree(board, notebook)
    notebook.cells[0][2] = notebook.cells[0][2].replace("as written", "as typed meanwhile")
    board.findings.resolve(1)  # the kernel does not know yet that somebody types
    notebook.run()
    assert [board.findings[0].text, board.findings[0].resolved] == ["as typed meanwhile", True]


def test_a_cell_that_is_deleted_or_moved_by_hand_is_respected(board, notebook):
    for text in "abc":
        board.findings.add(text)
        notebook.run()
    notebook.cells.append(notebook.cells.pop(0))
    notebook.tell()
    assert agree(board, notebook) == ["b", "c", "a"]
    deleted = notebook.cells.pop(1)
    notebook.tell()
    assert agree(board, notebook) == ["b", "a"]
    board.batch_size = 5
    assert agree(board, notebook) == ["b", "a"]
    notebook.cells.insert(0, deleted)  # the notebook's own undo
    notebook.tell()
    assert agree(board, notebook) == ["c", "b", "a"]


def test_another_board_writes_into_the_same_cells(board, notebook, recorder):
    board.findings.add("shared")
    agree(board, notebook)
    other = type(board)()
    twin = Notebook(other.notebook_cells.bridge, recorder)
    twin.cells = notebook.cells
    twin.tell(ready=True)
    other.findings.answer(1, "from the other")
    twin.run()
    notebook.tell()
    assert board.findings == other.findings
    assert board.findings[0].answers[0].text == "from the other"


@pytest.mark.parametrize("cells", [3, [3], [[]], [["a", "b", "c"]], [["a", 1, "c", "{}"]], ["abcd"], None, {}])
def test_nonsense_from_a_browser_changes_nothing(board, notebook, cells):
    board.findings.add("x")
    agree(board, notebook)
    browser_sends(notebook.bridge, cells=cells, ready="x", done="x")
    assert agree(board, notebook) == ["x"]


@pytest.mark.parametrize("metadata", ["{", "[]", '"x"', "{" * 9999])
def test_metadata_of_nonsense_are_none(board, notebook, metadata):
    browser_sends(notebook.bridge, cells=[["a", "b", "c", metadata]])
    assert len(board.findings) == 0


def test_a_cell_that_cannot_be_read_is_left_alone(board, notebook):
    notebook.cells.append(["cell", "x", "<!-- llm-viewer finding -->\n\nbroken", {"llm_viewer": {"finding": "x"}}])
    notebook.tell()
    assert len(board.findings) == 0
    board.findings.add("mine")
    notebook.run()
    assert [cell[1] == "x" for cell in notebook.cells] == [True, False]
