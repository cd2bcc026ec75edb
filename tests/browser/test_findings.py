"""Findings in a real notebook: written, kept in cells, restored and checked after what happens to a notebook."""

from __future__ import annotations

import shutil
import subprocess
import sys

import nbformat

from tests.browser.board import Board
from tests.browser.noted import Notes
from tests.browser.server import REPOSITORY

NOTE = "Decode attention waits for **memory**."


def noted(lab):
    """A board whose attention in decode has a finding."""
    board = Board.open(lab)
    notes = Notes(board)
    board.row("attention").click()
    board.settle()
    notes.settle()
    notes.write(NOTE, condition="bound == memory")
    return board, notes


def expect_restored(lab, name):
    """Assert that the board shows the finding, says that it holds, and goes back to its state."""
    board = Board(lab)
    board.settle()
    notes = Notes(board)
    assert notes.said() == [NOTE]
    line = notes.line(1)
    line.locator(".llmv-verdict", has_text="holds").wait_for()
    board.update(batch_size=3, selected=None)
    notes.act("Show", 1)
    assert board.get("[v.batch_size, v.phase, v.selected]") == [8, "decode", "attention"], name
    assert "this state" in line.inner_text()
    assert lab.page.locator(".jp-MarkdownCell", has_text="Decode attention waits for memory.").count() == 1


def test_findings_that_code_writes_in_one_go_are_all_there(lab):
    notes = Notes(Board.open(lab))
    for turn in range(5):
        lab.kernel(f"for n in range(8): v.findings.add(f'{turn}-{{n}}')")
    notes.settle()
    texts = [f"{turn}-{n}" for turn in range(5) for n in range(8)]
    assert notes.said() == texts
    assert [next(text for text in texts if f"\n{text}\n" in cell.source) for cell in notes.cells()] == texts


def test_a_finding_is_a_cell_right_below_the_board(lab):
    lab.write_notebook(
        "board",
        [
            "from llm_viewer_widgets import LLMViewer\nv = LLMViewer('llama-3.1-8b', batch_size=8)\nv",
            "'the next cell'",
        ],
    )
    lab.open("board")
    notes = Notes(Board(lab))
    notes.write("The whole of it.", condition="tpot < 30 ms")
    notes.write("More.")
    below = lab.page.locator(".jp-Notebook .jp-Cell")
    assert below.nth(1).locator(".jp-RenderedMarkdown", has_text="Finding 1").count() == 1, "it shows rendered"
    assert "The whole of it." in below.nth(1).inner_text()
    assert "More." in below.nth(2).inner_text()
    assert "the next cell" in below.nth(3).inner_text()
    first, second = notes.cells()
    assert first.metadata["llm_viewer"]["scenario"]["workload"]["batch_size"] == 8
    assert first.metadata["llm_viewer"]["claims"][1]["condition"] == "tpot < 30 ms"
    assert second.cell_type == "markdown"
    lab.command("notebook:undo-cell-action")
    notes.settle()
    assert notes.said() == ["The whole of it."], "one step of the notebook's own undo"


def test_a_condition_that_is_not_so_is_refused_and_the_text_stays(lab):
    notes = Notes(Board.open(lab))
    notes.root.get_by_label("finding", exact=True).fill("Too hopeful.")
    notes.root.get_by_label("holds while").fill("tpot < 1 us")
    notes.root.get_by_role("button", name="Add finding").click()
    notes.settle()
    assert "tpot < 1 us is not so here" in notes.root.get_by_role("alert").inner_text()
    assert notes.root.get_by_label("finding", exact=True).input_value() == "Too hopeful."
    assert notes.said() == []


def test_it_survives_a_restart_of_the_kernel_and_a_reload_of_the_page(lab):
    _, notes = noted(lab)
    assert len(notes.cells()) == 1
    lab.restart()
    lab.open("board", reload=True)
    expect_restored(lab, "restarted and reloaded")


def test_it_survives_a_copy_with_all_outputs_cleared_in_a_fresh_folder(lab):
    noted(lab)
    lab.save()
    saved = nbformat.read(lab.server.root / "board.ipynb", as_version=4)
    for cell in saved.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    saved.metadata.pop("widgets", None)
    lab.server.shut_down_kernels()
    nbformat.write(saved, lab.server.root / "elsewhere.ipynb")
    lab.open("elsewhere", reload=True)
    expect_restored(lab, "cleared and copied")


def test_nbconvert_shows_it_without_a_kernel_and_a_notebook_that_went_through_it_keeps_it(lab, tmp_path, browser):
    noted(lab)
    lab.save()
    source = tmp_path / "board.ipynb"
    shutil.copy(lab.server.root / "board.ipynb", source)
    for form, more in (("html", []), ("notebook", ["--clear-output", "--output", "cleared"])):
        command = [sys.executable, "-m", "nbconvert", "--to", form, *more, "--output-dir", str(tmp_path), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        page.goto((tmp_path / "board.html").as_uri())
        shown = page.locator(".jp-MarkdownCell")
        assert "Decode attention waits for memory." in shown.inner_text()
        assert "bound == memory" in shown.inner_text()
    shutil.copy(tmp_path / "cleared.ipynb", lab.server.root / "cleared.ipynb")
    lab.open("cleared", reload=True)
    expect_restored(lab, "through nbconvert")


def test_what_a_person_does_to_the_cells_is_respected(lab):
    board, notes = noted(lab)
    notes.write("A second one.")
    notes.type_into_cell(1, "Decode attention", " Typed by hand.")
    assert notes.said() == [f"{NOTE} Typed by hand.", "A second one."]
    notes.act("Resolve", 1)
    kept = notes.cells()[0]
    assert "Typed by hand." in kept.source
    assert kept.metadata["llm_viewer"]["resolved"] is True
    notes.delete_cell(1)
    assert notes.said() == ["A second one."]
    assert len(notes.cells()) == 1, "what was deleted is not written again"
    assert notes.cells()[0].source.count("Finding 1 ·") == 1, "numbers close up"
    board.update(batch_size=4)
    assert len(notes.cells()) == 1


def test_the_list_is_edited_answered_moved_deleted_and_undone_and_the_cells_follow(lab):
    _, notes = noted(lab)
    notes.write("A second one.")
    notes.root.get_by_role("button", name="Edit finding 2").click()
    notes.root.get_by_label("edit of finding 2").fill("The second, in other words.")
    notes.root.get_by_role("button", name="Save").click()
    notes.settle()
    notes.root.get_by_role("button", name="Answer finding 1").click()
    notes.root.get_by_label("answer of finding 1").fill("At any batch?")
    notes.page.keyboard.press("Control+Enter")
    notes.settle()
    assert "At any batch?" in notes.line(1).inner_text()
    notes.act("↓", 1)
    assert notes.said() == ["The second, in other words.", NOTE]
    sources = [cell.source for cell in notes.cells()]
    assert ["Finding 1 ·" in sources[0], "in other words" in sources[0], "At any batch?" in sources[1]] == [True] * 3
    notes.act("Delete", 1)
    assert [len(notes.cells()), notes.said()] == [1, [NOTE]]
    notes.root.get_by_role("button", name="Undo").click()
    notes.settle()
    assert notes.said() == ["The second, in other words.", NOTE]
    assert len(notes.cells()) == 2


def test_two_boards_share_the_findings_of_their_notebook(lab):
    make = "from llm_viewer_widgets import LLMViewer\n{0} = LLMViewer('llama-3.1-8b', batch_size={1})\n{0}"
    lab.write_notebook("two", [make.format("v", 8), make.format("w", 2)])
    lab.open("two")
    first = Board(lab)
    notes = Notes(first)
    notes.write("Seen on the first.")
    second = Board(lab, cell=2, name="w")
    others = Notes(second)
    assert others.said() == ["Seen on the first."]
    others.act("Show", 1)
    assert second.get("v.batch_size") == 8
    others.act("Resolve", 1)
    assert first.get("v.findings[0].resolved") is True
    assert len(notes.cells()) == 1


def test_a_badge_opens_its_finding_and_a_region_is_drawn_with_the_mouse(lab):
    board, notes = noted(lab)
    board.open_tab("operators")
    board.update(batch_size=64)
    board.find(".llmv-roofline .dot[style*='stroke-width: 1.3']").click()
    board.settle()
    assert board.get("[v.batch_size, v.selected]") == [8, "attention"]
    assert board.get("v.tab") == "findings"
    notes.settle()
    notes.root.get_by_label("pinned to").select_option("a region of decode")
    notes.root.get_by_role("button", name="Draw it on the roofline").click()
    board.settle()
    board.find(".llmv-roofline").scroll_into_view_if_needed()
    plot = board.find(".llmv-roofline svg").first.bounding_box()
    mouse = lab.page.mouse
    mouse.move(plot["x"] + 150, plot["y"] + 80)
    mouse.down()
    mouse.move(plot["x"] + 250, plot["y"] + 180)
    mouse.move(plot["x"] + 300, plot["y"] + 260)
    mouse.up()
    notes.settle()
    notes.root.get_by_label("finding", exact=True).fill("Crowded here.")
    notes.root.get_by_role("button", name="Add finding").click()
    notes.settle()
    left, right, low, high = board.get("v.findings[1].pin.region")
    assert 0.1 < left < right < 1e5
    assert 1e10 < low < high < 1e16
    board.row("o_proj").click()
    board.expect_selected("o_proj")


def test_the_notebook_that_teaches_it_runs_and_has_its_findings_below_the_board(lab):
    lab.open(lab.copy_notebook(REPOSITORY / "notebooks" / "annotating-findings.ipynb"))
    notes = Notes(Board(lab, cell=1))
    notes.settle()
    cells = notes.board.lab.save().cells
    written = [place for place, cell in enumerate(cells) if "finding" in cell.metadata.get("llm_viewer", {})]
    assert written == [2, 3]
    assert "And with grouped queries?" in cells[2].source
    assert [row.inner_text() for row in notes.root.locator(".llmv-verdict").all()] == ["✓ holds"] * 2


def test_a_report_shows_its_pictures_in_the_notebook(lab):
    board, _ = noted(lab)
    board.lab.kernel("v.findings.report('report.ipynb')")
    lab.open("report", run=False)
    picture = lab.page.locator(".jp-MarkdownOutput img")
    picture.wait_for()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    lab.run_all()
    shown = Board(lab, cell=4)
    assert shown.find(".llmv-title").inner_text() == "meta-llama/Llama-3.1-8B on NVIDIA H100 SXM5 80GB"


def test_a_board_that_is_gone_listens_no_more(lab):
    _, notes = noted(lab)
    heard = "window.jupyterapp.shell.currentWidget.context.model.sharedModel.ydoc._observers.get('update').size"
    before = lab.page.evaluate(heard)
    for _ in range(3):
        lab.run_all()
        Board(lab)
    assert lab.page.evaluate(heard) == before
    assert Notes(Board(lab)).said() == [NOTE]
    assert len(notes.cells()) == 1


def test_keys_typed_on_the_board_leave_the_notebook_alone_but_for_saving(lab):
    board = Board.open(lab)
    notes = Notes(board)
    page, before = lab.page, (lab.server.root / "board.ipynb").stat().st_size
    field = notes.root.get_by_label("finding", exact=True)
    field.click()
    page.keyboard.type("dd bb m y 00")
    places = (
        notes.root.get_by_label("pinned to"),
        notes.root.locator(".llmv-measures input").first,
        notes.root.get_by_role("button", name="Add finding"),
        board.root.get_by_role("slider").first,
        board.root.get_by_role("checkbox", name="linear axes"),
        board.find(".llmv-map summary").first,
        board.root.get_by_role("button", name="decode"),
        board.root.get_by_role("tab", name="findings"),
    )
    for place in places:
        place.focus()
        page.keyboard.type("ddbm")
    board.row("embed_tokens").focus()
    page.keyboard.type("ddbm")
    page.keyboard.press("Shift+Enter")
    assert field.input_value() == "dd bb m y 00"
    assert page.locator(".jp-Cell").count() == 1
    assert page.locator(".llmv").count() == 1
    with page.expect_response(lambda response: response.request.method == "PUT"):
        page.keyboard.press("Control+s")
    assert (lab.server.root / "board.ipynb").stat().st_size > 10 * before
