"""A note reads back as it was written, and no renderer of Markdown finds anything in it to act on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline.findings import Findings, Pin
from llm_roofline.findings.inert import JOINER, active, inert, plain
from llm_roofline.findings.markdown import section
from llm_roofline.findings.report import as_html, entries
from tests.findings.attacks import ATTACKS, harm
from tests.findings.renderers import by_hand, renderer

PIECES = [
    "<",
    "!",
    "[",
    "]",
    "(",
    ")",
    ":",
    "\\",
    "href",
    "url",
    "https://a)",
    "mailto:",
    "#",
    JOINER,
    "`" * 7,
    "```",
    "~~",
    "\n~~~",
    "$$",
    "&",
    "mermaid",
    ">" * 6,
    "> " * 4,
    "- " * 6,
    "1. " * 6,
    "a",
    " ",
    "\n",
    "-",
    "<!--",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)))
def test_a_note_reads_back_as_it_was(text):
    assert active(inert(text)) == text


@pytest.fixture(
    scope="module",
    params=[pytest.param(1_000, id="beginnings"), pytest.param(None, id="whole", marks=pytest.mark.slow)],
)
def notes(request):
    """Every attack; a renderer takes a second for some of the longest."""
    return {name: note[: request.param] for name, note in ATTACKS.items()}


@pytest.fixture(scope="module")
def hostile(scenario, notes):
    """A list with a finding for each attack, by authors and with answers as hostile."""
    made = Findings()
    for place, note in enumerate(notes.values(), 1):
        made.add(note, scenario=scenario, pin=Pin("phase", "decode"), author=note[:100])
        made.answer(place, note)
    return made


def test_attacks_read_back_as_they_were(hostile):
    assert Findings.from_markdown(hostile.to_markdown()) == hostile


@renderer
def test_no_renderer_finds_anything_in_a_note(render, notes):
    assert {name: found for name, note in notes.items() if (found := harm(render(inert(note))))} == {}


@renderer
def test_nor_in_a_section_with_an_answer_and_names(render, hostile):
    sections = {name: section(one, 1) for name, one in zip(ATTACKS, hostile, strict=True)}
    assert {name: found for name, text in sections.items() if (found := harm(render(text)))} == {}


@renderer
def test_the_renderers_would_find_it_without_us(render, notes):
    found = [name for name, note in notes.items() if harm(render(note))]
    assert len(found) > 15


def test_a_page_of_a_report_is_inert(hostile):
    page = as_html(entries(hostile))
    articles = page.split("<article")[1:]
    said = {name: article.partition("<figure>")[0] for name, article in zip(ATTACKS, articles, strict=True)}
    assert {name: found for name, text in said.items() if (found := harm(f"<article{text}"))} == {}
    assert "<script" not in page
    assert page.count("<svg") == len(ATTACKS)


@pytest.mark.parametrize(
    "text",
    [
        "**bold**, `code` and [a page](https://arxiv.org/abs/2402.16363)",
        "- a list\n- of two\n\n> quoted",
        "1. run\n   ```sh\n   echo $HOME\n   ```\n2. see\n\n~~~\n```\n~~~",
        "a < b and c > d, x <= 3",
        "$t = \\frac{b}{B}$ and $\\alpha_i$",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "mail [me](mailto:ada@example.org) or see [above](#finding-1)",
    ],
)
def test_plain_markdown_stays_as_it_is(text):
    assert inert(text) == text


def test_a_name_stands_for_itself_on_one_line():
    name = plain("a*b*\n<i>\u202e_c_\u2066 | `d` ![y](z)")
    assert "\n" not in name
    assert "\u202e" not in name
    shown = by_hand(f"by {name}, 2026")
    assert "a*b* &lt;i&gt;_c_ | `d` ![y](z)" in shown
