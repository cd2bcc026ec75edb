"""How findings look: nothing cut, nothing over each other, every text readable, in both themes and at both widths."""

from tests.browser.board import Board
from tests.browser.lab import LOOKS
from tests.browser.noted import Notes

LONG = "A note that goes on and on, with averylongwordthatdoesnotendbeforetheedgeofthenarrowestboardthatthereis" * 2
CUT = """root => [...root.querySelectorAll('.llmv-notes *')].filter(node => {
  const box = node.getBoundingClientRect(), whole = root.getBoundingClientRect();
  return box.width && (box.right > whole.right + 1 || box.left < whole.left - 1);
}).map(node => node.className || node.tagName)"""
OVERLAPS = """root => [...root.querySelectorAll('.llmv-form, .llmv-finding')].flatMap(node => {
  const parts = [...node.children].map(part => part.getBoundingClientRect()).filter(box => box.height);
  return parts.flatMap((a, i) => parts.slice(i + 1).filter(b =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1));
}).length"""


def test_nothing_is_cut_or_overlaps_and_badges_are_readable(lab):
    board = Board.open(lab)
    lab.kernel(
        "from llm_roofline.findings import Pin\n"
        f"v.findings.add({LONG!r}, operator='attention', author='Ada')\n"
        "v.findings.add('x', pin=Pin('phase', 'decode'))\n"
        "v.findings.add('x', pin=Pin('crossing', 'decode'))\n"
        "v.findings.add('x', pin=Pin('region', 'decode', region=(1, 100, 1e12, 1e14)))\n"
        f"v.findings.answer(1, {LONG!r})"
    )
    notes = Notes(board)
    notes.settle()
    notes.root.get_by_role("button", name="Answer finding 2").click()
    numbers = board.find(".llmv-roofline text.label[style*='10px'], .llmv-latency text.label[style*='10px']")
    for width, theme in LOOKS:
        board.set_width(width)
        lab.set_theme(theme)
        board.settle()
        assert board.root.evaluate(CUT) == [], (width, theme)
        assert board.root.evaluate(OVERLAPS) == 0, (width, theme)
        assert board.measure("overprinted") == [], (width, theme)
        assert sorted(numbers.all_text_contents()) == ["1", "2", "3", "4"], (width, theme)
        for number in numbers.all():
            assert number.evaluate("node => getComputedStyle(node).fill") == "rgb(51, 51, 51)"
            assert number.evaluate("node => getComputedStyle(node).stroke") == "none"


def test_everything_is_reached_by_the_keyboard_and_has_a_name(lab):
    board = Board.open(lab)
    notes = Notes(board)
    notes.write("By keyboard.")
    fields = notes.root.locator("input, textarea, select, button, summary")
    for place in range(fields.count()):
        field = fields.nth(place)
        named = field.evaluate(
            "node => node.getAttribute('aria-label') || node.labels?.[0]?.textContent || node.textContent"
        )
        assert named.strip(), field.evaluate("node => node.outerHTML")
    notes.root.get_by_role("button", name="Edit finding 1").focus()
    lab.page.keyboard.press("Enter")
    lab.page.keyboard.press("Control+a")
    lab.page.keyboard.type("By keyboard alone.")
    lab.page.keyboard.press("Control+Enter")
    notes.settle()
    assert notes.said() == ["By keyboard alone."]
    assert lab.page.locator(".llmv").count() == 1, "Ctrl+Enter has not run the cell again"
