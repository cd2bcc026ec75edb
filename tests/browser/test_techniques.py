"""The panel of techniques in a browser: by keyboard, in both themes, with ghosts."""

from __future__ import annotations

from tests.browser.board import Board
from tests.browser.lab import LOOKS

SLOW = """
import time
def slow(request=v.request, **changes):
    time.sleep(0.4)
    request(**changes)
v.request = slow
"""
WATCH = """box => {
  window.seen = [];
  const look = () => { window.seen.push(box.checked); requestAnimationFrame(look); };
  look();
}"""
CUT = """root => [...root.querySelectorAll('.llmv-map *')].filter(node => {
  const box = node.getBoundingClientRect(), whole = root.getBoundingClientRect();
  return box.width && (box.right > whole.right + 1 || box.left < whole.left - 1);
}).map(node => node.className || node.tagName)"""
OVERLAPS = """root => [...root.querySelectorAll('.llmv-technique')].filter(node => node.offsetHeight).flatMap(node => {
  const parts = [...node.querySelectorAll('.llmv-technique-head > label, dl, p, .llmv-parameters')]
    .map(part => part.getBoundingClientRect()).filter(box => box.height);
  return parts.flatMap((a, i) => parts.slice(i + 1).filter(b =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1));
}).length"""


def open_panel(board):
    """Open the panel by keyboard and wait until its effects are there."""
    summary = board.find(".llmv-map-whole > summary")
    summary.focus()
    board.lab.page.keyboard.press("Enter")
    board.find(".llmv-technique[data-name='weight-quantization'] dd").first.wait_for()
    board.settle()


def row(board, name):
    return board.find(f".llmv-technique[data-name='{name}']")


def test_a_switch_by_keyboard_moves_the_points_and_leaves_ghosts(lab):
    board = Board.open(lab)
    open_panel(board)
    before = board.measure("dots")
    box = row(board, "weight-quantization").get_by_role("checkbox", name="Weight quantisation")
    box.focus()
    lab.page.keyboard.press("Space")
    board.settle()
    assert board.get("[t.name for t in v.techniques]") == ["flash-attention", "weight-quantization"]
    assert board.measure("dots") != before
    assert board.find(".llmv-map-whole > summary").inner_text().endswith("FlashAttention, weight quantisation")
    assert board.get("len(v.roofline._ghosts.x)") > 3
    ghost = board.find(".llmv-roofline .dot[style*='dasharray']").first
    style = ghost.evaluate("({ownerDocument: page}) => getComputedStyle(page.querySelector('.llmv')).color")
    drawn = "node => (s => [s.stroke, s.strokeDasharray, s.pointerEvents])(getComputedStyle(node))"
    assert ghost.evaluate(drawn) == [style, "2.5px, 2.5px", "none"]
    assert board.find(".llmv-key").inner_text().count("before the last switch") == 1
    board.update(batch_size=9)
    assert board.get("len(v.roofline._ghosts.x)") == 0


def test_a_parameter_is_typed_and_a_wrong_one_is_told(lab):
    board = Board.open(lab)
    open_panel(board)
    field = row(board, "depth-pruning").get_by_role("spinbutton")
    field.fill("0.5")
    lab.page.keyboard.press("Tab")
    row(board, "depth-pruning").get_by_role("checkbox").check()
    board.settle()
    assert board.get("v.techniques[0].share") == 0.5
    field.fill("2")
    lab.page.keyboard.press("Tab")
    board.settle()
    assert "'share' of depth-pruning must be a number from 0 to 1" in board.find(".llmv-status").inner_text()
    assert field.input_value() == "0.5"


def test_a_late_answer_does_not_undo_what_was_done_since(lab):
    board = Board.open(lab)
    open_panel(board)
    lab.kernel(SLOW)
    field = row(board, "depth-pruning").get_by_role("spinbutton")
    box = row(board, "depth-pruning").get_by_role("checkbox")
    field.fill("0.5")
    lab.page.keyboard.press("Tab")
    box.check()
    box.evaluate(WATCH)
    other = row(board, "low-rank").get_by_role("spinbutton").first
    other.press_sequentially("7")  # and goes on typing
    typed = other.input_value()
    board.find(".llmv-key", has_text="before the last switch").wait_for()  # both answers have come
    board.settle()
    assert other.input_value() == typed
    assert set(lab.page.evaluate("window.seen")) == {True}
    assert board.get("[t.name for t in v.techniques if t.name == 'depth-pruning' and t.share == 0.5]")


def test_what_does_not_go_with_the_model_is_disabled_and_says_why(lab):
    board = Board.open(lab)
    open_panel(board)
    board.find(".llmv-map details details summary", has_text="Compiler").click()
    refused = row(board, "expert-parallel")
    assert refused.get_by_role("checkbox").is_disabled()
    assert "this model has none" in refused.inner_text()


def test_nothing_is_cut_or_overlaps(lab):
    board = Board.open(lab)
    open_panel(board)
    for width, theme in LOOKS:
        board.set_width(width)
        lab.set_theme(theme)
        board.settle()
        assert board.root.evaluate(CUT) == [], (width, theme)
        assert board.root.evaluate(OVERLAPS) == 0, (width, theme)
