"""Files of findings: older and newer ones, broken ones, notebooks edited by hand, and a write that is cut short."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline import RooflineError
from llm_roofline.findings import Finding, Findings
from llm_roofline.findings.markdown import MEASURED, START, number_in, section
from llm_roofline.findings.notebook import to_metadata
from llm_roofline.findings.reading import read_findings
from tests.drawn import JSON

OLD = Path(__file__).with_name("findings_v1.json")
RECORD = json.loads(OLD.read_text(encoding="utf-8"))["findings"][0]


def notebook(cells, path):
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def cell(finding, number=1, *, metadata=True):
    own = {"llm_viewer": to_metadata(finding.to_json())} if metadata else {}
    return nbformat.v4.new_markdown_cell(section(finding, number), metadata=own)


def test_a_file_of_the_first_version_opens():
    old = Findings.load(OLD)
    assert [finding.text for finding in old] == ["Decode attention is **memory-bound** at any batch.", "Fast enough."]
    assert [old.unread, old[0].answers[0].author, old[1].resolved] == [(), "Ben", True]
    assert old[0].claims[1].condition == "bound == memory"
    assert {verdict.status for verdict in old.check()} <= {"holds", "changed"}


def test_what_a_newer_release_adds_is_kept_and_written_again():
    newer = {**RECORD, "version": 9, "mood": {"colour": "blue"}}
    read = Findings.from_json({"version": 9, "findings": [newer]})
    assert read.unread == ()
    assert read.to_json()["findings"][0]["mood"] == {"colour": "blue"}
    assert Findings.from_markdown(read.to_markdown()) == read


def test_what_this_release_cannot_read_is_kept_with_what_it_lacks():
    strange = {**RECORD, "version": 9, "pin": {"kind": "edge", "from": "q_proj"}}
    read = Findings.from_json({"findings": [RECORD, strange, {"id": "x"}]})
    assert len(read) == 1
    reasons = [unread.reason for unread in read.unread]
    assert reasons[0].startswith("written by a newer release (version 9): this release reads no 'from' of a pin")
    assert reasons[1] == "'text' is missing."
    assert read.to_json()["findings"][1:] == [strange, {"id": "x"}]


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"findings": 3}', "{" * 10_000, "[" * 100_000, '"x"'])
def test_what_is_no_list_says_so(text):
    with pytest.raises(RooflineError, match=r"list of findings"):
        Findings.from_json(text)


def paths(data, at=()):
    yield at
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from paths(value, (*at, key))


@given(st.sampled_from(list(paths(RECORD))), JSON, st.booleans())
def test_any_damage_is_a_finding_or_a_reason(path, value, cut):
    data = json.loads(json.dumps(RECORD))
    if path:
        inner = data
        for key in path[:-1]:
            inner = inner[key]
        if cut:
            del inner[path[-1]]
        else:
            inner[path[-1]] = value
    read = Findings.from_json({"findings": [data if path else value]})
    assert len(read) + len(read.unread) == 1
    for verdict in read.check():
        assert verdict.status in {"holds", "changed", "no longer applies"}
    assert Findings.from_markdown(read.to_markdown()) == read


def test_a_write_that_is_cut_short_leaves_the_file_as_it_was(tmp_path, findings, monkeypatch):
    path = tmp_path / "findings.json"
    findings.save(path)
    before = path.read_bytes()
    real = Path.write_text

    def cut(self, text, **more):
        real(self, text[: len(text) // 2], **more)
        raise OSError(28, "No space left on device")

    findings.delete(1)
    monkeypatch.setattr(Path, "write_text", cut)
    with pytest.raises(OSError, match="No space left"):
        findings.save(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["findings.json"]
    monkeypatch.setattr(Path, "write_text", real)
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        findings.save(path)
    assert path.read_bytes() == before


def test_a_file_goes_round(tmp_path, findings):
    findings.save(tmp_path / "findings.json")
    (tmp_path / "findings.md").write_text(findings.to_markdown(), encoding="utf-8")
    cells = [cell(finding, number) for number, finding in enumerate(findings, 1)]
    notebook([nbformat.v4.new_code_cell("1"), *cells], tmp_path / "findings.ipynb")
    for ending in ("json", "md", "ipynb"):
        assert read_findings(tmp_path / f"findings.{ending}") == findings


@pytest.mark.parametrize("ending", ["json", "md", "ipynb"])
def test_what_is_no_file_or_an_empty_one_is_refused_in_a_sentence(tmp_path, ending):
    os.mkfifo(tmp_path / f"pipe.{ending}")
    (tmp_path / f"device.{ending}").symlink_to("/dev/zero")
    (tmp_path / f"made.{ending}").symlink_to("/proc/self/status")
    (tmp_path / f"empty.{ending}").touch()
    for name, sentence in (
        ("pipe", "not a regular"),
        ("device", "not a regular"),
        ("made", "empty"),
        ("empty", "empty"),
    ):
        with pytest.raises(RooflineError, match=f"{name}.{ending}: .*{sentence}"):
            read_findings(tmp_path / f"{name}.{ending}")


def test_another_ending_says_what_is_accepted(tmp_path):
    with pytest.raises(RooflineError, match=r"findings are read from \.ipynb \(a notebook\), \.md"):
        read_findings(tmp_path / "x.csv")


@pytest.mark.parametrize("text", ["[]", '{"cells": 3}', "not json", '{"worksheets": []}'])
def test_what_is_no_notebook_says_so(tmp_path, text):
    path = tmp_path / "x.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RooflineError, match=r"x\.ipynb: no notebook"):
        Findings.from_notebook(path)


def test_cells_without_metadata_are_enough(tmp_path, findings):
    cells = [cell(finding, number, metadata=False) for number, finding in enumerate(findings, 1)]
    assert Findings.from_notebook(notebook(cells, tmp_path / "x.ipynb")) == findings


def test_metadata_serve_where_the_text_has_lost_its_record(tmp_path, findings):
    damaged = cell(findings[0])
    damaged.source = "\n".join(line for line in damaged.source.split("\n") if not line.startswith("<!-- llm-viewer {"))
    bare = cell(findings[1])
    bare.source = "Only a few words were left."
    read = Findings.from_notebook(notebook([damaged, bare], tmp_path / "x.ipynb"))
    assert read[0] == findings[0]
    assert read[1].text == "Only a few words were left."
    assert read[1].claims == findings[1].claims


def test_a_note_edited_by_hand_is_the_note(tmp_path, findings):
    edited = cell(findings[0])
    edited.source = edited.source.replace("Waits for **memory**.", "Waits, always.\n\n- as I typed <b>here</b>")
    (read,) = Findings.from_notebook(notebook([edited], tmp_path / "x.ipynb"))
    assert read.text == "Waits, always.\n\n- as I typed <b>here</b>"
    headless = cell(findings[0])
    lines = headless.source.split("\n")
    headless.source = "\n".join(line for line in lines if not line.startswith("**Finding"))
    (read,) = Findings.from_notebook(notebook([headless], tmp_path / "x.ipynb"))
    assert read.text == findings[0].text


def test_other_cells_are_no_findings(tmp_path, findings):
    cells = [
        nbformat.v4.new_markdown_cell("# A title", metadata={"llm_viewer": 3}),
        nbformat.v4.new_markdown_cell("text", metadata={"llm_viewer": {"other": 1}}),
        nbformat.v4.new_raw_cell(section(findings[0], 1)),
        nbformat.v4.new_code_cell(section(findings[0], 1)),
        nbformat.v4.new_markdown_cell(START),
        nbformat.v4.new_markdown_cell(MEASURED),
    ]
    assert len(Findings.from_notebook(notebook(cells, tmp_path / "x.ipynb"))) == 0


def test_a_cell_that_was_copied_is_one_finding_and_two_where_one_of_them_was_edited(tmp_path, findings):
    copied, edited = cell(findings[0]), cell(findings[0])
    edited.source = edited.source.replace("Waits", "Still waits")
    assert len(Findings.from_notebook(notebook([copied, cell(findings[0])], tmp_path / "x.ipynb"))) == 1
    read = Findings.from_notebook(notebook([copied, edited], tmp_path / "y.ipynb"))
    assert sorted(finding.text for finding in read) == ["Still waits for **memory**.", "Waits for **memory**."]


def test_text_around_the_sections_is_nobodys(findings):
    around = f"# My report\n\n{section(findings[0], 12)}\n\nAnd so on.\n\n{section(findings[1], 3)}\n\nThe end."
    assert Findings.from_markdown(around) == Findings(findings.items[:2])
    assert number_in(section(findings[0], 12)) == 12
    assert number_in("no head") == 0


def test_lines_of_another_system_make_no_difference(findings):
    assert Findings.from_markdown(findings.to_markdown().replace("\n", "\r\n")) == findings


@given(st.integers(0, 3000))
def test_a_text_that_ends_anywhere_is_read_as_far_as_it_goes(end):
    whole = Findings.from_json({"findings": [RECORD]})
    read = Findings.from_markdown(whole.to_markdown()[:end])
    assert len(read) + len(read.unread) <= 1
    assert all(finding == whole[0] for finding in read)


def test_a_finding_cannot_be_made_of_something_else():
    with pytest.raises(RooflineError, match=r"a finding must be an object \(got 3\)"):
        Finding.of(3)
