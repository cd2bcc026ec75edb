"""One finding that is broken harms no other: each is read, checked, drawn and written on its own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_roofline.findings import Findings, Pin, check
from llm_roofline.findings.report import as_html, as_markdown, as_notebook, entries, entry

GOOD = json.loads(Path(__file__).with_name("findings_v1.json").read_text(encoding="utf-8"))["findings"][1]
BAD = {**GOOD, "id": "bad"}
HUGE = [10**399, -(10**399), 1e300, float("inf"), float("nan")]
NAMES = ["constructor", "__proto__", "toString", "\ud800", "", "id ", "version"]
FORMS = [as_html, as_markdown, as_notebook]


def inside(**parts):
    return {**BAD, "scenario": {**GOOD["scenario"], **parts}}


def technique(value):
    return inside(techniques=[{"name": "tensor-parallel", "bandwidth": value}])


def placed(value, edge):
    region = [0, 1, 0, 1]
    region[edge] = value
    return {**BAD, "pin": {"kind": "region", "phase": "decode", "region": region}, "claims": []}


values = st.one_of(st.sampled_from(HUGE), st.sampled_from(NAMES), st.integers(), st.floats(), st.none())
bad = st.one_of(
    values.map(technique),
    values.map(lambda value: inside(workload={**GOOD["scenario"]["workload"], "batch_size": value})),
    values.map(lambda value: inside(hardware={"based_on": "h100-sxm", "memory_bandwidth": value})),
    values.map(lambda value: inside(model=value)),
    st.builds(placed, values, st.integers(0, 3)),
    st.builds(lambda name, value: {**BAD, name: value}, st.sampled_from(NAMES), values),
    st.builds(lambda name, value: inside(**{name: value}), st.sampled_from(NAMES), values),
    values.map(lambda value: {**BAD, "claims": [{"quantity": "ttft", "value": value}]}),
    values.map(lambda value: {**BAD, "pin": {"kind": "operator", "phase": "decode", "operator": value}, "claims": []}),
    values.map(lambda value: {**BAD, "phase": value, "author": value}),
)


@given(bad)
def test_the_others_are_read_checked_and_written_as_if_it_were_not_there(data):
    read = Findings.from_json(json.dumps({"findings": [data, GOOD]}))
    assert len(read) + len(read.unread) == 2
    good = read.find(GOOD["id"])
    assert (good.to_json(), check(good).status) == (GOOD, "holds")
    assert [verdict.finding.id for verdict in read.check()][-1] == GOOD["id"]
    again = Findings.from_markdown(read.to_markdown())
    assert good in again


@pytest.mark.parametrize("form", FORMS)
@given(data=bad)
@pytest.mark.slow
def test_a_report_has_all_of_them(form, data):
    read = Findings.from_json({"findings": [data, GOOD]})
    text = form(entries(read))
    assert "Fast enough." in text
    assert "cannot be written" not in text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("9" * 5_000, "9" * 5_000),
        ("[" * 3_000 + "]" * 3_000, "[" * 2_900),
        ('{"a":' * 3_000 + "1" + "}" * 3_000, '{"a"'),
    ],
    ids=["digits", "lists", "objects"],
)
def test_what_python_does_not_read_is_kept_as_text(text, kept):
    read = Findings.from_json(json.dumps({"findings": [{**BAD, "mood": "@"}, GOOD]}).replace('"@"', text))
    assert [finding.id for finding in read] == ["bad", GOOD["id"]]
    assert kept in json.dumps(read[0].further).replace('\\"', '"')
    assert Findings.from_json(json.dumps(read.to_json())) == read


@pytest.mark.parametrize("value", HUGE)
def test_a_parameter_that_is_not_finite_or_beyond_all_use_is_refused_by_name(value):
    read = Findings.from_json({"findings": [technique(value)]})
    said = [verdict.reason for verdict in read.check()] + [unread.reason for unread in read.unread]
    assert "'bandwidth' of tensor-parallel must be a number from 0 to 1e+15" in said[0] or "Out of range" in said[0]


PLACES = [
    Pin("operator", "decode", "attention of nobody"),
    Pin("phase", "encoder"),
    Pin("region", "vision", region=(0.0, 1.0, 0.0, 1.0)),
    Pin("crossing", "denoising"),
    Pin("phase", "operators"),
]


@pytest.mark.parametrize("pin", PLACES, ids=lambda pin: f"{pin.kind} {pin.phase}")
def test_what_is_pinned_to_something_that_is_not_there_no_longer_applies(findings, pin):
    for claims in ((), findings[4].claims):
        assert check(replace(findings[4], pin=pin, claims=claims)).status == "no longer applies"


@pytest.mark.slow
def test_a_report_of_a_hundred_findings_with_one_such_has_a_hundred_entries(findings, tmp_path):
    many = [replace(findings[4], id=f"n{n}", text=f"note {n}", claims=()) for n in range(99)]
    many.insert(50, replace(findings[0], id="gone", text="is gone", pin=PLACES[0], claims=()))
    for ending in ("html", "md", "ipynb"):
        Findings(many).report(tmp_path / f"r.{ending}")
        text = (tmp_path / f"r.{ending}").read_text(encoding="utf-8")
        assert "100 findings: 99 hold, 1 no longer applies." in text
        assert "is gone" in text
        assert all(f"note {n}" in text for n in range(99))


def test_an_error_that_nobody_thought_of_is_said_beside_its_finding(findings, monkeypatch):
    real = entry.picture_with_badges

    def drawn(estimate, phase, numbered, **more):
        if numbered[0].number == 2:
            raise RuntimeError("no ink")
        return real(estimate, phase, numbered, **more)

    monkeypatch.setattr(entry, "picture_with_badges", drawn)
    found = entries(findings)
    assert [bool(one.picture) for one in found] == [True, False, True, True, True]
    assert "No picture: RuntimeError: &#x27;no ink&#x27;." in as_html(found)
    assert "No picture: RuntimeError" in as_markdown(found)


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_that_cannot_be_written_is_the_only_one(findings, form):
    found = list(entries(findings))
    found[1] = replace(found[1], sources=((1, 2),))
    text = form(tuple(found))
    assert "Finding 2 cannot be written: " in text
    said = ("Waits for", "Compute-bound.", "Crowded.", "Fast enough.")
    assert [one in text for one in said] == [True, False, True, True]
