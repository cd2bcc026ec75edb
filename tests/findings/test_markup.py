"""No text of a stranger is markup: hundreds of generated ones, in three renderers, one of them JupyterLab's own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from llm_roofline.findings.inert import active, inert, plain, verbatim
from llm_roofline.findings.markdown import MEASURED
from llm_roofline.findings.mathematics import COMMANDS
from tests.checkout import REPOSITORY
from tests.findings.attacks import harm
from tests.findings.grammar import attacks
from tests.findings.renderers import renderer

MARKED = REPOSITORY / "node_modules" / "marked"
FIELDS = (
    "{}",
    "**Finding 1 · {} in {}** · {} on x",
    "| measured | value |\n|---|---|\n| a (`b`) | {} |",
    "- {}: {}\n- {}",
    "> *{}, 2026-11-25*\n>\n> said",
    "*{}, 2026-11-25*\n\n<!-- llm-viewer {{}} -->",
    "∅ **no longer applies**: {}\n\n{}",
)
MANY = settings(max_examples=800)


@pytest.fixture(scope="module")
def marked():
    """Node.js with JupyterLab's renderer of Markdown."""
    node = shutil.which("node")
    if node is None or not MARKED.is_dir():
        pytest.skip("needs Node.js and what package.json names: make check installs it")
    program = subprocess.Popen(
        [node, "tests/js/render.js"], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    with program:

        def render(source):
            program.stdin.write(json.dumps(source) + "\n")
            program.stdin.flush()
            return json.loads(program.stdout.readline())

        yield render
        program.stdin.close()


class Page(HTMLParser):
    """Tags of a page, and its text outside of code, in which MathJax looks for mathematics."""

    def __init__(self, page) -> None:
        super().__init__(convert_charrefs=True)
        self.tags, self.texts, self._code = [], [""], 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, *(name for name, _ in attributes)))
        self._code += tag in {"pre", "code"}
        self.texts.append("")

    def handle_endtag(self, tag):
        self._code -= tag in {"pre", "code"}
        self.texts.append("")

    def handle_data(self, data):
        if not self._code:
            self.texts[-1] += data


def mathematics(page):
    """What MathJax would set of a page beyond signs and letters."""
    found = []
    for text in Page(page).texts:
        found += re.findall(r"\\[(\[]|\\(?:begin|ref|eqref)(?![A-Za-z])", text)
        for inner in re.findall(r"\$\$.*?\$\$|\$.*?\$", text, re.DOTALL):
            found += [name for name in re.findall(r"\\([A-Za-z]+)", inner) if name not in COMMANDS]
    return found


def expect_text(render, name):
    """A name in every field makes no tag that a word would not make, and no mathematics."""
    for field in FIELDS:
        page, word = (
            render(field.replace("{{}}", "{ }").replace("{}", plain(name) or "x")),
            render(field.replace("{}", "word")),
        )
        assert Page(page).tags == Page(word).tags, (field, plain(name), page)
        assert [text for text in Page(page).texts if re.search(r"\$|\\[(\[]|\\(?:begin|ref|eqref)\b", text)] == []


def expect_inert(render, note):
    page = render(f"{inert(note.strip())}\n\n{MEASURED}\n\nthe *end*")
    assert "<em>end</em>" in page, (inert(note), "takes in what follows it")
    assert harm(page) == [], (inert(note), page)
    assert mathematics(page) == [], (inert(note), page)
    assert not re.search(r'class="(?:language-)?mermaid', page, re.IGNORECASE)


@renderer
@given(text=attacks)
def test_a_name_is_text_wherever_it_stands(render, text):
    expect_text(render, text.replace("\n", " "))


@renderer
@given(text=attacks)
def test_a_note_does_nothing_and_reads_back(render, text):
    assert active(inert(text)) == text
    expect_inert(render, text)


@pytest.mark.slow
@renderer
@MANY
@given(text=attacks)
def test_hundreds_of_them(render, text):
    expect_text(render, text)
    expect_inert(render, text)
    assert active(inert(text)) == text


@pytest.mark.slow
@MANY
@given(text=attacks)
def test_hundreds_of_them_in_jupyterlab(marked, text):
    for place in (0, 1):
        expect_text(lambda source: marked(source)[place], text)  # noqa: B023 - called at once
        expect_inert(lambda source: marked(source)[place], text)  # noqa: B023 - likewise


@renderer
@given(text=attacks)
def test_lines_are_shown_as_they_are(render, text):
    page = Page(render(f"- a\n\n{verbatim(text)}\n\nend"))
    assert {tag for tag, *_ in page.tags} <= {"ul", "li", "p", "pre", "code"}
    assert page.texts[-2].strip() == "end"


worst = pytest.mark.parametrize(
    "text",
    [
        "http://x<img src=x onerror=window.harmed=1>",
        "http://[<javascript:window.harmed=1>",
        "a@b.c<img src=x onerror=window.harmed=1>",
        r"$\rule{100000em}{100000em}$",
        r"\\(\rule{100000em}{1em}\\)",
        "&dollar;&bsol;rule{100000em}{1em}&dollar;",
        "```mermaid\ngraph TD; A-->B; click A 'javascript:window.harmed=1'\n```",
    ],
)


@renderer
@worst
def test_the_worst_of_them(render, text):
    expect_text(render, text)
    expect_inert(render, text)


@worst
def test_the_worst_of_them_in_jupyterlab(marked, text):
    for place in (0, 1):
        expect_text(lambda source: marked(source)[place], text)  # noqa: B023 - called at once
        expect_inert(lambda source: marked(source)[place], text)  # noqa: B023 - likewise
