"""Names as long as they may be, without a place to break: nothing gets wider than what it stands in."""

import subprocess
import sys

import pytest

from tests.browser.board import Board
from tests.browser.noted import Notes

CELL = """
from dataclasses import replace
from llm_roofline import hardware, models
from llm_viewer_widgets import LLMViewer
model = replace(models['llama-3.1-8b'], name='m' * 10_000)
device = hardware['h100-sxm'].with_(name='d' * 10_000, title='t' * 10_000)
v = LLMViewer(model, device, batch_size=8)
v.findings.add('said', author='a' * 200, operator='attention')
v.findings.answer(1, 'answered', author='b' * 200)
v
"""
TALL = 120  # px, for a title of four lines
# By how much the page itself is wider than its window, and each cell wider than its notebook.
EXCESS = """() => [document.scrollingElement, ...document.querySelectorAll(".jp-WindowedPanel-outer, .jp-Cell")]
  .map((node) => node.scrollWidth - node.clientWidth).filter((excess) => excess > 1)"""


@pytest.fixture
def board(lab):
    lab.write_notebook("board", [CELL])
    lab.open("board")
    return Board(lab)


def test_long_names_widen_neither_board_nor_notebook(board):
    Notes(board).settle()
    board.row("attention").click()
    board.settle()
    assert [box for box in board.measure("wide") if not box.startswith("INPUT")] == []
    assert board.lab.page.evaluate(EXCESS) == []
    assert board.find(".llmv-title").bounding_box()["height"] < TALL


def test_a_list_with_a_long_name_is_no_wider_than_the_page(board):
    board.root.get_by_role("combobox", name="model").click()
    board.settle()
    shown = board.find(".llmv-choice-list:popover-open")
    assert shown.evaluate("list => list.scrollWidth - list.clientWidth") <= 1
    assert board.lab.page.evaluate(EXCESS) == []


def test_long_names_widen_no_page_that_is_made_of_a_notebook(board, browser, tmp_path):
    board.lab.kernel(f"v.findings.report({str(tmp_path / 'report.ipynb')!r})")
    board.lab.kernel(f"v.findings.report({str(tmp_path / 'page.html')!r})")
    command = [sys.executable, "-m", "nbconvert", "--to", "html", str(tmp_path / "report.ipynb")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with browser.new_context(offline=True, viewport={"width": 1000, "height": 800}) as context:
        page = context.new_page()
        for name in ("page", "report"):
            page.goto((tmp_path / f"{name}.html").as_uri())
            assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0, name
