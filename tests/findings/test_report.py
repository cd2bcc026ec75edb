"""Reports: read back, complete, and made of what the check says."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import nbformat
import pytest

from llm_roofline import RooflineError, Scenario, hardware, models, techniques
from llm_roofline.findings import Findings
from llm_roofline.findings.report import as_html, as_markdown, as_notebook, entries


@pytest.fixture
def mixed(findings):
    """Findings of which one has changed and one no longer applies."""
    first, *_, last = findings
    claims = (replace(last.claims[0], value=0.1), *last.claims[1:])
    findings.merge(
        [
            replace(last, id="changed", claims=claims),
            replace(first, id="gone", scenario={**first.scenario, "hardware": "h100-sxn"}),
        ]
    )
    return findings


def test_markdown_and_notebook_are_read_back(mixed, tmp_path):
    for name in ("r.md", "r.ipynb"):
        mixed.report(tmp_path / name)
    assert Findings.from_markdown((tmp_path / "r.md").read_text(encoding="utf-8")) == mixed
    assert Findings.from_notebook(tmp_path / "r.ipynb") == mixed


def test_the_notebook_is_valid_and_each_of_its_boards_opens(mixed):
    read = nbformat.reads(as_notebook(entries(mixed)), as_version=4)
    nbformat.validate(read)
    code = [cell.source for cell in read.cells if cell.cell_type == "code"]
    assert len(code) == 1 + 6, "imports, and a board for each state that can be made"
    names: dict = {}
    exec(code[0], names)  # noqa: S102 - as a reader of the notebook does
    for source in code[1:3]:
        board = eval(source, names)  # noqa: S307 - likewise
        assert board.batch_size == 8
        board.close()


def test_every_entry_has_its_numbers_its_picture_and_its_sources(mixed):
    found = entries(mixed)
    assert [entry.verdict.status for entry in found] == ["holds"] * 5 + ["changed", "no longer applies"]
    for entry in found[:6]:
        svg = fromstring(entry.picture)
        texts = ["".join(node.itertext()) for node in svg.iter("{http://www.w3.org/2000/svg}text")]
        assert str(entry.number) in texts, "its badge"
        assert [what for what, _ in entry.sources][-1] == "formulas"
    assert "NVIDIA H100 datasheet" in found[0].sources[0][1]
    assert found[0].explanation.startswith("attention in each of 32 layers")
    assert (found[6].picture, found[6].sources) == ("", ())


def test_figures_of_a_changed_device_are_not_told_to_be_those_of_the_datasheet():
    """Nor are those of a device that only some operators run on left out."""
    faster = hardware["h100-sxm"].with_(memory_bandwidth=4.8e12)
    notes = Findings()
    notes.add("Fast.", scenario=Scenario(models["llama-3.1-8b"], faster).using(techniques["host-compute"]))
    (entry,) = entries(notes)
    assert [what for what, _ in entry.sources] == [
        "figures of NVIDIA H100 SXM5 80GB",
        "figures of Intel Xeon Platinum 8480+ (one socket)",
        "what to know of h100-sxm*",
        "what to know of xeon-8480plus",
        "configuration of meta-llama/Llama-3.1-8B",
        "formulas",
    ]
    texts = dict(entry.sources)
    assert texts["configuration of meta-llama/Llama-3.1-8B"].startswith(
        "copy, aiconfigurator-core 0.12.0, model_configs/"
    )
    assert texts["figures of NVIDIA H100 SXM5 80GB"].startswith(
        "NVIDIA H100 datasheet 2023 and Hopper whitepaper (datash"
    )
    assert texts["what to know of h100-sxm*"] == (
        "h100-sxm* is h100-sxm with memory bandwidth 4.800 TB/s instead of 3.352 TB/s."
    )


@pytest.mark.parametrize("form", [as_html, as_markdown, as_notebook])
def test_every_form_says_what_came_out(mixed, form):
    text = form(entries(mixed))
    assert "7 findings: 5 hold, 1 has changed, 1 no longer applies." in text
    plain = text if form is not as_notebook else "\n".join(cell["source"] for cell in json.loads(text)["cells"])
    for said in ("Fast enough.", "At any batch?", "100 ms → 270 ms", "h100-sxn", "arXiv 2402.16363"):
        assert said in plain.replace("\\", "")


def test_a_page_has_no_script_and_asks_nobody(mixed):
    page = as_html(entries(mixed))
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert page.count("<article") == 7
    assert page.count("<svg") == 6


def test_an_empty_report_says_so():
    for form in (as_html, as_markdown, as_notebook):
        assert "No findings." in form(())


def test_the_ending_says_what_it_becomes(findings, tmp_path):
    with pytest.raises(RooflineError, match=r"x\.pdf: a report ends in \.md, \.ipynb, \.html\."):
        findings.report(tmp_path / "x.pdf")
