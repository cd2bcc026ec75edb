"""``llm-viewer check`` and ``llm-viewer report``: exit codes, a line a finding, and what cannot be read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_roofline import Scenario, hardware, models
from llm_roofline.findings import Findings


@pytest.fixture
def findings():
    made = Findings(author="Ada")
    scenario = Scenario(models["meta-llama/Llama-3.1-8B"], hardware["h100-sxm"])
    made.add("It waits.", scenario=scenario, operator="attention", condition="bound == memory")
    made.add("Fast enough.", scenario=scenario, condition="tpot < 30 ms")
    return made


@pytest.fixture
def file(findings, tmp_path):
    findings.report(tmp_path / "notes.ipynb")
    return tmp_path / "notes.ipynb"


def spoiled(findings, tmp_path, **scenario):
    """A file whose second finding is about another scenario."""
    first, second = findings
    changed = Findings([first, replace(second, scenario={**second.scenario, **scenario})])
    changed.save(tmp_path / "notes.json")
    return tmp_path / "notes.json"


def test_where_all_hold_the_exit_code_is_zero(llm_viewer, file):
    ran = llm_viewer("check", file)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "   1  holds · attention in decode",
        "   2  holds · the whole state",
        "2 findings: 2 hold.",
    ]


def test_a_changed_value_is_told_and_the_exit_code_is_one(llm_viewer, findings, tmp_path):
    ran = llm_viewer("check", spoiled(findings, tmp_path, hardware="a100-sxm-80gb"))
    assert ran.code == 1
    assert "2  changed · the whole state: ttft 34.0 ms → " in ran.out
    assert ran.out.endswith("2 findings: 1 holds, 1 has changed.\n")


def test_what_no_longer_applies_is_told_with_the_reason(llm_viewer, findings, tmp_path):
    ran = llm_viewer("check", spoiled(findings, tmp_path, hardware="h100-sxn"), width=200)
    assert ran.code == 1
    assert "no longer applies · the whole state: Unknown hardware 'h100-sxn'. Did you mean 'h100-sxm'" in ran.out


def test_a_finding_that_cannot_be_read_is_told(llm_viewer, tmp_path):
    path = tmp_path / "notes.json"
    path.write_text('{"findings": [{"version": 9, "id": "x"}]}', encoding="utf-8")
    ran = llm_viewer("check", path)
    assert ran.code == 1
    assert "cannot be read: written by a newer release (version 9): 'text' is missing." in ran.out


def test_several_files_are_named(llm_viewer, file, findings, tmp_path):
    ran = llm_viewer("check", file, spoiled(findings, tmp_path, hardware="a100-sxm-80gb"), width=200)
    assert [ran.code, ran.out.count("notes.ipynb"), ran.out.count("notes.json")] == [1, 1, 1]
    assert ran.out.endswith("4 findings: 3 hold, 1 has changed.\n")


def test_a_notebook_without_findings_has_none_that_does_not_hold(llm_viewer, tmp_path):
    path = tmp_path / "plain.ipynb"
    path.write_text('{"cells": [], "nbformat": 4}', encoding="utf-8")
    ran = llm_viewer("check", path)
    assert (ran.code, ran.out) == (0, "No findings.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("check",), "the following arguments are required: FILE. See llm-viewer check --help."),
        (("check", "nowhere.ipynb"), "nowhere.ipynb: No such file or directory."),
        (("check", "setup.py"), "findings are read from .ipynb (a notebook), .md (Markdown), .json"),
        (("report", "nowhere.md", "x.html"), "nowhere.md: No such file or directory."),
        (("report", "README.md", "x.pdf"), "x.pdf: a report ends in .md, .ipynb, .html."),
    ],
)
def test_what_is_refused_is_said_in_one_sentence(llm_viewer, arguments, sentence):
    ran = llm_viewer(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("llm-viewer: ")
    assert sentence in ran.err


@pytest.mark.parametrize("ending", ["html", "md", "ipynb"])
def test_a_report_is_written(llm_viewer, file, tmp_path, ending):
    ran = llm_viewer("report", file, tmp_path / f"report.{ending}", width=200)
    assert ran.code == 0
    assert ran.out.endswith(f"report.{ending}: 2 findings: 2 hold.\n")
    assert "It waits." in (tmp_path / f"report.{ending}").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["report.ipynb", "./notes.ipynb", "link.ipynb"])
def test_a_report_is_not_written_over_its_notebook(llm_viewer, file, tmp_path, form):
    (tmp_path / "link.ipynb").hardlink_to(file)
    before = file.read_bytes()
    if form == "report.ipynb":
        (tmp_path / form).write_text('{"cells": []}', encoding="utf-8")
    ran = llm_viewer("report", file, tmp_path / form)
    assert (ran.code, ran.out) == (2, "")
    assert "stays as it is" in ran.err if form == "report.ipynb" else "this is what is read" in ran.err
    assert file.read_bytes() == before
    assert llm_viewer("report", file, tmp_path / form, "--force").code == (0 if form == "report.ipynb" else 2)
    assert file.read_bytes() == before


@pytest.mark.parametrize("ending", ["html", "md", "ipynb"])
def test_a_report_is_written_over_one_of_ours(llm_viewer, file, tmp_path, ending):
    for _ in range(2):
        assert llm_viewer("report", file, tmp_path / f"report.{ending}").code == 0


def test_a_report_says_what_could_not_be_read(llm_viewer, tmp_path):
    (tmp_path / "notes.json").write_text('{"findings": [{"id": "x"}]}', encoding="utf-8")
    ran = llm_viewer("report", tmp_path / "notes.json", tmp_path / "report.md")
    assert "cannot be read: 'text' is missing." in ran.out


def test_help_tells_of_both(llm_viewer, capsys):
    for arguments in (["--help"], ["check", "--help"], ["report", "--help"]):
        with pytest.raises(SystemExit) as ended:
            llm_viewer(*arguments)
        assert ended.value.code == 0
    text = capsys.readouterr().out
    assert "llm-viewer check notebook.ipynb" in text
    assert "The exit code is 0 where all hold" in text


def test_a_strangers_text_cannot_steer_the_terminal(llm_viewer, findings, tmp_path):
    ran = llm_viewer("check", spoiled(findings, tmp_path, hardware="\x1b[31mred\x07"))
    assert ran.code == 1
    assert "\x1b" not in ran.out.replace("\x1b[", "", 0) or "\x1b[31mred" not in ran.out
    assert "\x07" not in ran.out


@pytest.mark.slow
def test_it_is_a_program_for_a_pipeline(program, file, findings, tmp_path):
    assert program("check", str(file)).code == 0
    ran = program("check", str(spoiled(findings, tmp_path, hardware="a100-sxm-80gb")))
    assert (ran.code, ran.err) == (1, "")
