"""What a stranger's finding can do in a browser: nothing, in the list, in its cell, from nbconvert, in a report."""

from __future__ import annotations

import subprocess
import sys

import pytest

from llm_roofline import Scenario, Workload, hardware, models
from llm_roofline.findings import Findings
from tests.browser.board import Board
from tests.browser.noted import Notes
from tests.findings.attacks import ATTACKS, FORBIDDEN

FOUND = """(roots) => roots.flatMap((root) => [...root.querySelectorAll("*")].flatMap((node) => {
  const tag = node.tagName.toLowerCase();
  const ours = node.closest("mjx-container, .MathJax, figure, .llmv-actions");
  const found = FORBIDDEN.includes(tag) && !ours ? [`<${tag}>`] : [];
  for (const { name, value } of node.attributes) {
    if (name.startsWith("on")) found.push(`<${tag} ${name}>`);
    const leads = ["href", "src", "xlink:href"].includes(name);
    if (leads && /^\\s*(javascript|data|vbscript|file):/i.test(value)) found.push(`<${tag} ${name}=${value}>`);
  }
  return found;
}))"""


@pytest.fixture
def hostile():
    """A list with a finding for each attack, by authors and with answers as hostile."""
    scenario = Scenario(models["meta-llama/Llama-3.1-8B"], hardware["h100-sxm"], Workload(8, 2048, 256))
    made = Findings()
    for place, note in enumerate(ATTACKS.values(), 1):
        made.add(note, scenario=scenario, author=note[:60])
        made.answer(place, note[:1_000], author=note[:60])
    return made


def found(page, selector):
    """Forbidden elements and attributes below everything that a selector finds."""
    script = FOUND.replace("FORBIDDEN", str(sorted(FORBIDDEN - {"button"})))
    return page.eval_on_selector_all(selector, script)


class Watch:
    """Dialogs, and requests to anywhere but the server of the tests."""

    def __init__(self, page) -> None:
        self.page, self.seen = page, []
        page.on("dialog", self._dialog)
        page.on("request", self._request)

    def _dialog(self, dialog):
        self.seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _request(self, request):
        if not request.url.startswith(("http://127.0.0.1", "http://localhost", "data:", "blob:", "file:")):
            self.seen.append(request.url)

    def expect_nothing(self):
        assert self.page.evaluate("window.harmed ?? null") is None
        assert self.seen == []
        self.page.remove_listener("dialog", self._dialog)
        self.page.remove_listener("request", self._request)


def test_nothing_happens_in_the_list_and_in_the_cells(lab, hostile):
    hostile.save(lab.server.root / "findings.json")
    watch = Watch(lab.page)
    board = Board.open(lab)
    board.lab.kernel("from llm_roofline.findings import Findings; v.findings = Findings.load('findings.json')")
    notes = Notes(board)
    notes.settle()
    assert board.get("len(v.findings)") == len(ATTACKS)
    for _ in range(-(-len(ATTACKS) // 20)):
        assert found(lab.page, ".llmv-notes ol") == []
        following = notes.root.get_by_title("next page")
        if following.is_enabled():
            following.click()
            notes.settle()
    cells = lab.page.locator(".jp-MarkdownCell")
    assert cells.count() == len(ATTACKS)
    for place in range(cells.count()):
        cells.nth(place).scroll_into_view_if_needed()
    lab.page.wait_for_timeout(500)
    assert found(lab.page, ".jp-MarkdownOutput") == []
    widest = "(nodes) => Math.max(0, ...nodes.map((node) => node.getBoundingClientRect().width))"
    assert lab.page.eval_on_selector_all(".jp-MarkdownOutput mjx-container, .jp-MarkdownOutput svg", widest) < 5_000
    saved = lab.save()
    written = Findings.from_markdown("\n\n".join(cell.source for cell in saved.cells))
    assert [finding.text for finding in written] == [finding.text for finding in hostile]
    lab.kernel("from IPython.display import display; display(v.findings)")
    watch.expect_nothing()


def test_nothing_happens_on_the_pages_of_nbconvert_and_of_a_report(browser, hostile, tmp_path):
    hostile.report(tmp_path / "report.html")
    hostile.report(tmp_path / "cells.ipynb")
    command = [
        sys.executable,
        "-m",
        "nbconvert",
        "--to",
        "html",
        "--output-dir",
        str(tmp_path),
        str(tmp_path / "cells.ipynb"),
    ]
    subprocess.run(command, capture_output=True, check=True)
    with browser.new_context() as context:
        for name, selector in (
            ("report.html", "article > .note, article > blockquote, article > h2"),
            ("cells.html", ".jp-MarkdownOutput"),
        ):
            page = context.new_page()
            watch = Watch(page)
            page.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
            page.goto((tmp_path / name).as_uri())
            page.wait_for_timeout(300)
            kept = [
                one for one in found(page, selector) if name == "report.html" or "data:image/svg+xml;base64" not in one
            ]
            assert [one for one in kept if one != "<img>" or name == "report.html"] == []
            watch.seen = [url for url in watch.seen if not url.startswith("https://cdnjs.cloudflare.com/")]
            watch.expect_nothing()


def test_a_display_of_findings_in_a_trusted_notebook_runs_nothing(lab, hostile):
    hostile.save(lab.server.root / "findings.json")
    lab.write_notebook("shown", ["from llm_roofline.findings import Findings\nFindings.load('findings.json')"])
    watch = Watch(lab.page)
    lab.open("shown")
    lab.output(0).locator(".jp-RenderedMarkdown").wait_for()
    lab.page.wait_for_timeout(800)
    assert found(lab.page, ".jp-RenderedMarkdown") == []
    watch.expect_nothing()
