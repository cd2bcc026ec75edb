"""The life of a board: run again, closed, saved, reopened, exported, and read where there is no widget."""

import re
import subprocess
import sys

import pytest

from tests.browser.board import CELL, Board
from tests.browser.server import REPOSITORY

ARGUMENTS = "'llama-3.1-8b', 'h100-sxm', batch_size=8"
TWO = """
from llm_viewer_widgets import LLMViewer
v, w = LLMViewer(batch_size=8), LLMViewer(batch_size=2)
display(v, w)
"""
ALIVE = "import ipywidgets.widgets.widget as w; print(len(w._instances))"
# A page that is slow to load the last modules of the first board, as one on a busy machine is.
SLOW_MODULES = """() => {
  const Plain = window.Blob;
  let asked = 0;
  window.Blob = function (parts, options) {
    if (options?.type === "text/javascript") asked += 1;
    const slow = asked > 8 && asked <= 10;
    return new Plain(slow ? ["await new Promise((done) => setTimeout(done, 1500));", ...parts] : parts, options);
  };
}"""
# anywidget gives a model two seconds to begin, and says then that it has not.
UNTIL_MODELS_HAVE_BEGUN = "() => new Promise((done) => setTimeout(done, 2500))"
STATE = "@jupyter-widgets/jupyterlab-manager:plugin"


def test_running_the_cell_again_replaces_the_board_and_leaves_no_widget_behind(lab):
    board = Board.open(lab, ARGUMENTS)
    alive = lab.kernel(ALIVE)
    for _ in range(3):
        lab.run_all()
    board = Board(lab)
    assert lab.kernel(ALIVE) == alive
    assert lab.page.locator(".llmv").count() == 1
    board.type_count(0, 16)
    assert board.get("v.batch_size") == 16


def test_a_cell_that_runs_again_while_the_page_builds_its_board_ends_without_an_error(lab):
    lab.write_notebook("board", [CELL.format(arguments=ARGUMENTS)])
    lab.open("board", run=False)
    lab.page.evaluate(SLOW_MODULES)
    lab.page.evaluate("() => Promise.all([1, 2].map(() => window.harness.run('notebook:run-all-cells')))")
    board = Board(lab)
    lab.page.evaluate(UNTIL_MODELS_HAVE_BEGUN)
    assert lab.console_errors() == []
    board.type_count(0, 16)
    assert board.get("v.batch_size") == 16


def test_a_board_that_is_closed_while_the_page_builds_it_ends_without_an_error(lab):
    lab.write_notebook("empty", ["from llm_viewer_widgets import LLMViewer"])
    lab.open("empty")
    lab.page.evaluate(SLOW_MODULES)
    lab.kernel("LLMViewer().close()")
    lab.page.evaluate(UNTIL_MODELS_HAVE_BEGUN)
    assert lab.console_errors() == []


@pytest.mark.parametrize(
    "life",
    [
        "for _ in range(9): LLMViewer().close()",
        "for _ in range(5): v = LLMViewer(); display(v); v.close()",
        "v = LLMViewer(); display(v); v.batch_size = 4; v.findings.add('x'); v.close()",
        "import asyncio\nfor _ in range(5): v = LLMViewer(); display(v); await asyncio.sleep(0.05); v.close()",
    ],
    ids=["unseen", "shown", "changed", "half drawn"],
)
def test_boards_that_are_made_and_closed_at_once_log_nothing(lab, life):
    lab.write_notebook("short", [f"from llm_viewer_widgets import LLMViewer\n{life}"])
    lab.open("short")
    lab.page.evaluate(UNTIL_MODELS_HAVE_BEGUN)
    assert lab.console_errors() == []


def test_close_takes_away_the_board_and_every_widget_it_made(lab):
    lab.write_notebook("closed", ["import bqplot, ipywidgets, llm_viewer_widgets", CELL.format(arguments=ARGUMENTS)])
    lab.open("closed", run=False)
    lab.kernel(
        "from llm_viewer_widgets import LLMViewer\nLLMViewer().close()"
    )  # what is made once a session is there now
    before = lab.kernel(ALIVE)
    lab.run_all()
    Board(lab, 1)
    assert lab.kernel(ALIVE) != before
    lab.kernel("v.close(); v.close()")
    lab.page.locator(".llmv").wait_for(state="detached")
    assert lab.kernel(ALIVE) == before


def test_two_boards_of_one_cell_both_live(lab):
    boards = "v, w = LLMViewer(batch_size=8), LLMViewer(batch_size=2)"
    cell = f"from llm_viewer_widgets import LLMViewer\n{boards}\ndisplay(v, w)"
    lab.write_notebook("two", [cell])
    lab.open("two")
    first, second = Board(lab), Board(lab, place=1, name="w")
    still = first.measure("dots")
    second.type_count(0, 32)
    assert [first.get("v.batch_size"), second.get("v.batch_size")] == [8, 32]
    assert first.measure("dots") == still
    first.type_count(0, 64)
    assert first.measure("dots") != still


def test_a_saved_board_is_alive_with_its_kernel_and_a_picture_without(lab):
    board = Board.open(lab, ARGUMENTS)
    lab.save()
    lab.open("board", run=False, reload=True)
    board = Board(lab)
    before = board.measure("dots")
    board.type_count(0, 16)
    assert board.get("v.batch_size") == 16
    assert board.measure("dots") != before
    drawn = [len(board.measure("dots")), board.measure("rows"), len(board.measure("bars"))]
    lab.save()
    lab.server.shut_down_kernels()
    lab.open("board", run=False, reload=True)
    board = Board(lab)
    assert [len(board.measure("dots")), board.measure("rows"), len(board.measure("bars"))] == drawn
    assert board.number(0).input_value() == "16"


def test_a_board_saved_without_state_still_shows_a_picture_and_tells_its_numbers(lab, tmp_path):
    lab.change_setting(STATE, saveState=False)
    Board.open(lab, ARGUMENTS)
    saved = lab.save()
    assert "widgets" not in saved.metadata
    data = saved.cells[0].outputs[0].data
    assert data["image/svg+xml"].startswith("<svg")
    assert re.search(r"batch 8: first token after .* ms a token .* tokens/s; and it fits", data["text/plain"])
    assert re.search(r"prefill .*\n.*decode ", data["text/plain"])
    for form, ending, sign in (("html", "html", r"<svg|<img[^>]+svg"), ("markdown", "md", r"<svg|\.svg\)|image/svg")):
        _export(lab.server.root / "board.ipynb", form, tmp_path)
        assert re.search(sign, (tmp_path / f"board.{ending}").read_text(encoding="utf-8")), f"no picture in {form}"


def _export(notebook, form, folder):
    command = [sys.executable, "-m", "nbconvert", "--to", form, "--output-dir", str(folder), str(notebook)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_plain_python_shell_reads_the_table():
    code = f"{CELL.format(arguments=ARGUMENTS)}; print(repr(v) == repr(v.estimate)); print(repr(v))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'core'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    same, table = done.stdout.split("\n", 1)
    assert same == "True"
    assert re.search(r"prefill .*\n.*decode ", table)
    assert not done.stderr
